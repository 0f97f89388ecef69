"""The manifest of a data folder with imports: what was kept, as people decided about it.

What an import found is never changed. Its stretches are settled with the decisions each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.records import Import, clip_id, clip_path
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.corpus.cutting.stretches import Status, Stretch, Utterance
from voxgate.corpus.manifest import Recording

__all__ = ["Composition", "Trim", "compose", "settle", "settle_each"]

_SAMPLES_A_MS = 16


@dataclass(frozen=True, kw_only=True)
class Trim:
    """A clip that is shorter than it was cut: made from the file at `path` in data/.

    `within` counts from the beginning of that clip, at 16 kHz.
    """

    path: str
    within: Span


@dataclass(frozen=True, kw_only=True)
class Composition:
    """What the manifest says, and the trimmed clips that it needs, by their path in data/."""

    recordings: tuple[Recording, ...]
    trims: dict[str, Trim]


def compose(
    existing: Sequence[Recording], imports: Sequence[Import], decisions: Mapping[str, Decision]
) -> Composition:
    """Return the recordings of a data folder; those that no import made stay as they are."""
    prefixes = tuple(
        f"{imported.source.speaker_id}/{imported.source.source_id}/" for imported in imports
    )
    recordings = [r for r in existing if not r.recording_id.startswith(prefixes)]
    trims: dict[str, Trim] = {}
    for imported in imports:
        for was, now in settle_each(imported, decisions):
            if now.utterance is None or now.status is not Status.KEPT:
                continue
            recording = _recording(imported, now.utterance)
            recordings.append(recording)
            if was.span != now.span:
                within = Span(now.span.start - was.span.start, now.span.end - was.span.start)
                cut = clip_path(clip_id(imported.source, was.span))
                trims[recording.path] = Trim(path=cut, within=within)
    ordered = sorted(recordings, key=lambda recording: recording.recording_id)
    return Composition(recordings=tuple(ordered), trims=trims)


def settle(imported: Import, decisions: Mapping[str, Decision]) -> tuple[Stretch, ...]:
    """Return what becomes of each second after the decisions; still everything is somewhere.

    An accepted clip is kept with the corrected text, what was trimmed off is rejected (`trimmed`);
    a rejected clip is rejected (`reviewer`).
    """
    settled: list[Stretch] = []
    for was, now in settle_each(imported, decisions):
        if was.span.start < now.span.start:
            settled.append(_trimmed_off(Span(was.span.start, now.span.start)))
        settled.append(now)
        if now.span.end < was.span.end:
            settled.append(_trimmed_off(Span(now.span.end, was.span.end)))
    return tuple(settled)


def settle_each(
    imported: Import, decisions: Mapping[str, Decision]
) -> list[tuple[Stretch, Stretch]]:
    """Return each stretch as it was cut, and as it counts after the decisions."""
    return [
        (stretch, _decided(stretch, decisions.get(clip_id(imported.source, stretch.span))))
        for stretch in imported.stretches
    ]


def _decided(stretch: Stretch, decision: Decision | None) -> Stretch:
    if decision is None or stretch.utterance is None:
        return stretch
    if not decision.accepted:
        why = reason("reviewer", expected="a clip that a person accepts", arrived="a rejected one")
        return Stretch(span=stretch.span, status=Status.REJECTED, reasons=(why, *stretch.reasons))
    span = _trimmed(stretch.span, decision.trim_ms)
    return Stretch(
        span=span,
        status=Status.KEPT,
        reasons=stretch.reasons,
        utterance=_corrected(stretch.utterance, span, decision.text),
    )


def _trimmed(span: Span, trim_ms: tuple[int, int] | None) -> Span:
    """Return what is left, on the grid; a trim that leaves nothing of the clip leaves it whole."""
    if trim_ms is None:
        return span
    start, end = (span.start + round(at * _SAMPLES_A_MS / GRID) * GRID for at in trim_ms)
    start, end = max(start, span.start), min(end, span.end)
    return Span(start, end) if start < end else span


def _corrected(utterance: Utterance, span: Span, text: str | None) -> Utterance:
    if text is not None and text != utterance.text:
        # Nobody knows where the words of the new text are.
        return replace(utterance, span=span, text=text, words=())
    words = [w for w in utterance.words if span.start_s <= w.start_s and w.end_s <= span.end_s]
    return replace(utterance, span=span, words=tuple(words))


def _trimmed_off(span: Span) -> Stretch:
    why = reason(
        "trimmed", expected="what a person left of the clip", arrived="what was cut off it"
    )
    return Stretch(span=span, status=Status.REJECTED, reasons=(why,))


def _recording(imported: Import, utterance: Utterance) -> Recording:
    recording_id = clip_id(imported.source, utterance.span)
    return Recording(
        recording_id=recording_id,
        path=clip_path(recording_id),
        speaker_id=imported.source.speaker_id,
        language=utterance.language,
        text=" ".join(utterance.text.split()),  # a list has one line a recording
    )
