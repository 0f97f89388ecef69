"""What becomes of a SQLite file that somebody, or a failing disk, has spoiled."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DAMAGED", "as_folder", "damage", "write_prose"]

DAMAGED = b"SQLite format 3\0" + b"\xff" * 5000
"""It begins like a database, and is none."""


def damage(path: Path) -> None:
    """Keep the beginning of a database and nothing else of it."""
    path.write_bytes(DAMAGED)


def write_prose(path: Path) -> None:
    """Put a text in the place of the database."""
    path.write_text("this is no database\n" * 50)


def as_folder(path: Path) -> None:
    """Put a folder in the place of the database."""
    path.unlink()
    path.mkdir()
