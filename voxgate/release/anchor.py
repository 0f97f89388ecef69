"""The last event that a checkout saw, in a file outside the ledger's database.

The registry remembers a head too, but it may be away, or not be there yet. Whoever can write the
ledger's database and this file as well can cut both; whoever can write the database alone cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.files import write_text
from voxgate.hash_chain import is_head
from voxgate.release.events import Event

__all__ = ["Anchor"]


@dataclass(frozen=True)
class Anchor:
    """The file `path` with the head `SEQUENCE:SHA256`; absent before the first event."""

    path: Path

    def heads(self) -> tuple[str, ...]:
        """Return the remembered head; none where nothing usable is noted."""
        try:
            head = self.path.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return ()
        return (head,) if is_head(head) else ()

    def note(self, event: Event) -> None:
        """Remember an event; an older one than is noted changes nothing.

        Raises:
            StorageError: the file cannot be written.
        """
        if all(int(head.partition(":")[0]) < event.sequence for head in self.heads()):
            write_text(self.path, f"{event.head}\n")
