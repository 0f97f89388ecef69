"""Evidence that ships with a base: `base.json` beside it names its digest."""

from __future__ import annotations

from pathlib import Path

from voxgate.files import digest_file, read_json, write_json

__all__ = ["is_pinned", "pin"]


def is_pinned(path: Path) -> bool:
    """Tell whether a file is the one that `files` of the base.json beside it names."""
    card = path.parent / "base.json"
    files = read_json(card).get("files", {}) if card.is_file() else {}
    return bool(files.get(path.name) == digest_file(path))


def pin(path: Path) -> None:
    """Name a file that was written just now in the base.json beside it."""
    card = path.parent / "base.json"
    stated = read_json(card) if card.is_file() else {}
    files = {**stated.get("files", {}), path.name: digest_file(path)}
    write_json(card, {**stated, "files": files})
