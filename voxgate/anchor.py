"""The last row of a chain that a checkout saw, in a file outside the chain's database.

Whoever can write the database and this file as well can cut both; whoever can write the database
alone cannot. The registry remembers a head of the release ledger too, but it may be away, or not be
there yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.files import write_text
from voxgate.hash_chain import is_head

__all__ = ["NOWHERE", "Anchor"]


@dataclass(frozen=True)
class Anchor:
    """The file `path` with the head `SEQUENCE:SHA256`; absent before the first row.

    Without a path nothing is remembered.
    """

    path: Path | None = None

    def heads(self) -> tuple[str, ...]:
        """Return the remembered head; none where nothing usable is noted."""
        if self.path is None:
            return ()
        try:
            head = self.path.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return ()
        return (head,) if is_head(head) else ()

    def note(self, head: str) -> None:
        """Remember a head; an older one than is noted changes nothing.

        Call it for a chain that still has what is noted: a newer head makes that be forgotten.

        Raises:
            StorageError: the file cannot be written.
        """
        if self.path is not None and all(_place(noted) < _place(head) for noted in self.heads()):
            write_text(self.path, f"{head}\n")


NOWHERE = Anchor()
"""Remembers nothing."""


def _place(head: str) -> int:
    return int(head.partition(":")[0])
