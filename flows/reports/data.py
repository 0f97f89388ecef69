"""What was added to data/ and how two versions of it differ, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxgate.corpus.addition import Addition
    from voxgate.wiring.data_exchange import DataDiff

__all__ = ["count_added", "describe_addition", "describe_difference"]

SHOWN_FILES = 5
SHOWN_RECORDINGS = 20


def count_added(addition: Addition) -> dict[str, object]:
    """Return what became of the recordings, as JSON values."""
    return {
        "added": addition.added,
        "replaced": addition.replaced,
        "unchanged": addition.unchanged,
        "without_text": _without_text(addition),
        "of_other_speakers": addition.other_speakers,
        "unlisted": list(addition.unlisted),
        "notes": list(addition.notes),
    }


def describe_addition(addition: Addition) -> str:
    """Return what became of the recordings, and what to do next."""
    lines = [
        f"{addition.added} added, {addition.replaced} replaced, {addition.unchanged} unchanged; "
        f"{_without_text(addition)} without a text, "
        f"{addition.other_speakers} lines of other speakers left out"
    ]
    lines += addition.notes
    if addition.unlisted:
        shown = ", ".join(addition.unlisted[:SHOWN_FILES])
        lines.append(f"{len(addition.unlisted)} audio files are in no line of the list: {shown}")
    if addition.copies:
        lines.append("register them as a data version: voxgate data commit")
    return "\n".join(lines)


def describe_difference(found: DataDiff) -> str:
    """Return which recordings and files changed; long lists are cut."""
    lines = [f"data {found.old_version[:8]} -> {found.new_version[:8]}"]
    kinds = {"added": found.added, "changed": found.changed, "removed": found.removed}
    for kind, names in kinds.items():
        lines.append(f"recordings {kind}: {len(names)}")
        lines += [f"  {name}" for name in names[:SHOWN_RECORDINGS]]
        if len(names) > SHOWN_RECORDINGS:
            lines.append(f"  ... and {len(names) - SHOWN_RECORDINGS} more (--json lists all)")
    lines.append(f"files: {found.files.describe(limit=3)}")
    return "\n".join(lines)


def _without_text(addition: Addition) -> int:
    return sum(
        not recording.text for recording in addition.recordings if recording.path in addition.copies
    )
