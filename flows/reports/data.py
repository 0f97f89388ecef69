"""What was added to data/ and how two versions of it differ, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxgate.evaluation.data_shape.figures import MEASURES

if TYPE_CHECKING:
    from voxgate.corpus.addition import Addition
    from voxgate.evaluation.data_shape.comparison import Coverage, DataShape, Distribution
    from voxgate.evaluation.data_shape.slices import SliceExamples
    from voxgate.wiring.data_exchange import DataDiff

__all__ = ["count_added", "describe_addition", "describe_difference", "describe_shape"]

SHOWN_FILES = 5
SHOWN_RECORDINGS = 20
SHOWN_WORDS = 8


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


def describe_shape(found: DataShape) -> str:
    """Return where the figures of two versions lie, and what the gate finds little of."""
    lines = [
        f"{who}: {figures.clips} clips ({figures.source}), "
        + ("duration not known" if figures.seconds is None else f"{figures.seconds / 60:.1f} min")
        for who, figures in (("old", found.old), ("new", found.new))
    ]
    lines.append("median [5 %, 95 %] of clips:")
    for measure in MEASURES:
        old, new = found.distributions[measure.name]
        title = f"{measure.title}, {measure.unit}"
        lines.append(f"  {title:<52} {_spread(old)} -> {_spread(new)}")
    lines.append(f"words: {_change(found.words)}")
    lines.append(f"phones: {_change(found.phones)}")
    if found.phones.unsaid:
        lines.append(f"  asked for by the gate, never said: {' '.join(found.phones.unsaid)}")
    if found.phones.rare:
        lines.append(f"  rarest: {' '.join(found.phones.rare[:SHOWN_WORDS])}")
    lines.append("training examples of the gate's slices, fewest first:")
    lines += [f"  {_slice_line(old, new)}" for old, new in found.slices]
    for who, figures in (("old", found.old), ("new", found.new)):
        lines += [f"missing in {who}: {text}" for text in figures.missing]
    return "\n".join([*lines, *(f"note: {note}" for note in found.notes)])


def _spread(found: Distribution) -> str:
    if found.median is None:
        return "missing"
    return f"{found.median:.4g} [{found.p5:.4g}, {found.p95:.4g}]"


def _change(found: Coverage) -> str:
    parts = [f"{found.old} -> {found.new} different"]
    for what, names in (("new", found.only_new), ("gone", found.only_old)):
        if names:
            more = "" if len(names) <= SHOWN_WORDS else ", …"
            parts.append(f"{len(names)} {what} ({', '.join(names[:SHOWN_WORDS])}{more})")
    return "; ".join(parts)


def _slice_line(old: SliceExamples, new: SliceExamples) -> str:
    counted = (
        "not countable by form" if new.examples is None else f"{old.examples} -> {new.examples}"
    )
    form = f" ({', '.join(new.traits)})" if new.traits else ""
    words = f"{100 * old.covered:.0f} % -> {100 * new.covered:.0f} % of its words"
    return f"{new.name:<20} {counted}{form}; {words}"


def _without_text(addition: Addition) -> int:
    return sum(
        not recording.text for recording in addition.recordings if recording.path in addition.copies
    )
