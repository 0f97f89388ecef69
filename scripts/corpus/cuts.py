"""What somebody made of a recording: stretches with a status, some of them with a text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.corpus.cutting.records import read_imports
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status, Stretch
from voxgate.files import read_json, write_json

__all__ = ["Cut", "read_segments", "read_site", "write_segments"]


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A part of a recording, and what became of it.

    reasons: codes, the first of which decided.
    text: None where the sound was not kept.
    said: where its first word begins and its last one ends; None where no word has a time.
    """

    span: Span
    status: Status
    reasons: tuple[str, ...] = ()
    text: str | None = None
    said: Span | None = None


def read_site(site: Path) -> list[Cut]:
    """Read the one import of a checkout's data/.

    Raises:
        CorpusError: a file of the import is damaged.
        ValueError: there is not exactly one import.
    """
    imports = read_imports(site / "data")
    if len(imports) != 1:
        raise ValueError(f"{site}: expected one import in data/, found {len(imports)}")
    return [_of_stretch(stretch) for stretch in imports[0].stretches]


def write_segments(path: Path, cuts: list[Cut]) -> None:
    """Write texts with their spans, in seconds: what a plain recogniser makes."""
    lines = [{"start_s": c.span.start_s, "end_s": c.span.end_s, "text": c.text} for c in cuts]
    write_json(path, lines)


def read_segments(path: Path) -> list[Cut]:
    """Read what `write_segments` wrote: everything is kept, as there is nobody who doubts."""
    return [
        Cut(
            span=Span.of_seconds(line["start_s"], line["end_s"]),
            status=Status.KEPT,
            text=line["text"],
        )
        for line in read_json(path)
    ]


def _of_stretch(stretch: Stretch) -> Cut:
    utterance = stretch.utterance
    words = utterance.words if utterance else ()
    return Cut(
        span=stretch.span,
        status=stretch.status,
        reasons=tuple(reason.code for reason in stretch.reasons),
        text=utterance.text if utterance else None,
        said=Span.of_seconds(words[0].start_s, words[-1].end_s) if words else None,
    )
