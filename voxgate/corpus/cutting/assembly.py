"""Put together what became of a recording: everything is in one stretch, and nothing in two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from voxgate.corpus.cutting.spans import Span, gaps
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch, Utterance

__all__ = ["Doubted", "assemble", "keep_apart"]

Doubted = tuple[Utterance, tuple[Reason, ...]]
"""An utterance, and every reason to doubt it; none means that it is kept."""


def assemble(
    utterances: Sequence[Doubted],
    others: Sequence[Span],
    n_samples: int,
    *,
    name_rest: Callable[[Span], Sequence[Stretch]],
    min_utterance_s: float,
) -> tuple[Stretch, ...]:
    """Return the stretches of a recording, in order.

    Args:
        utterances: of the speaker, in order and apart.
        others: where somebody else speaks; what utterances share with them is theirs.
        n_samples: length of the recording.
        name_rest: says what the rest is, stretch by stretch.
        min_utterance_s: speech that is shorter and has no word is of no use to anybody.
    """
    stretches = [_stretch_of(*each, min_utterance_s) for each in utterances]
    stretches += [
        Stretch(span=span, status=Status.OTHER_SPEAKER)
        for span in _without(others, [utterance.span for utterance, _ in utterances])
    ]
    stretches.sort(key=lambda stretch: stretch.span)
    for rest in gaps([stretch.span for stretch in stretches], n_samples):
        stretches += name_rest(rest)
    stretches.sort(key=lambda stretch: stretch.span)
    return tuple(_joined(stretches))


def keep_apart(utterance: Utterance, others: Iterable[Span]) -> Utterance:
    """Return an utterance whose room, before and after its words, has nobody else's speech."""
    start, end = utterance.span.start, utterance.span.end
    if not utterance.words:
        return utterance
    first_s, last_s = utterance.words[0].start_s, utterance.words[-1].end_s
    for other in others:
        if start < other.end and other.end_s <= first_s:
            start = other.end
        if other.start < end and last_s <= other.start_s:
            end = other.start
    return replace(utterance, span=Span(start, end)) if start < end else utterance


def _stretch_of(
    utterance: Utterance, reasons: tuple[Reason, ...], min_utterance_s: float
) -> Stretch:
    if not utterance.text and utterance.span.duration_s < min_utterance_s:
        return Stretch(span=utterance.span, status=Status.REJECTED, reasons=reasons)
    status = Status.DOUBTFUL if reasons else Status.KEPT
    return Stretch(span=utterance.span, status=status, reasons=reasons, utterance=utterance)


def _without(spans: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what `taken`, in order, leaves of spans; those that touch or overlap become one."""
    left: list[Span] = []
    for span in _merged(spans):
        at = span.start
        for own in taken:
            if own.end <= at or own.start >= span.end:
                continue
            if own.start > at:
                left.append(Span(at, own.start))
            at = own.end
        if at < span.end:
            left.append(Span(at, span.end))
    return left


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join silences that follow each other, which pieces of the rest may be."""
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last is not None and last.status is stretch.status is Status.SILENCE:
            joined[-1] = replace(last, span=Span(last.span.start, stretch.span.end))
        else:
            joined.append(stretch)
    return joined
