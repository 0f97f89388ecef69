"""How far the edges of cuts are from where the wanted speaker begins and ends to speak."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scripts.corpus.cuts import Cut
from scripts.corpus.truth import Truth
from voxgate.corpus.cutting.spans import Span
from voxgate.types import HEARING_RATE_HZ

__all__ = ["EdgeErrors", "measure_edges"]

_INSIDE = HEARING_RATE_HZ * 30 // 1000


@dataclass(frozen=True, kw_only=True)
class EdgeErrors:
    """Errors in seconds, of two edges a cut, and how many cuts begin or end amid speech.

    median_s, p95_s: of the cut from where it should be; None where there is no cut.
    said_median_s, said_p95_s: of the first and last word's times from the speech itself.
    inside: edges that lie in speech of the wanted speaker, more than 30 ms from its ends; what is
        cut at a pause under 150 ms counts too.
    """

    edges: int
    median_s: float | None
    p95_s: float | None
    said_median_s: float | None
    said_p95_s: float | None
    inside: int


def measure_edges(truth: Truth, cuts: Sequence[Cut], *, room_s: float) -> EdgeErrors:
    """Measure the edges of the cuts given, each against the nearest true edge of its kind.

    A cut should begin `room_s` before speech begins, and end as much after it ends; where the pause
    is too short for that, in the middle of the pause, whoever or whatever sounds on its other side.
    A way of cutting that leaves no room is measured with a room of 0.
    """
    speech = sorted(span for event in truth.wanted for span in event.speech)
    starts, ends = _wanted_edges(truth, speech, round(room_s * HEARING_RATE_HZ))
    errors = [_nearest(cut.span.start, starts) for cut in cuts]
    errors += [_nearest(cut.span.end, ends) for cut in cuts]
    said = [cut.said for cut in cuts if cut.said is not None]
    said_errors = [_nearest(span.start, [one.start for one in speech]) for span in said]
    said_errors += [_nearest(span.end, [one.end for one in speech]) for span in said]
    edges = [at for cut in cuts for at in (cut.span.start, cut.span.end)]
    return EdgeErrors(
        edges=len(errors),
        median_s=_percentile(errors, 50),
        p95_s=_percentile(errors, 95),
        said_median_s=_percentile(said_errors, 50),
        said_p95_s=_percentile(said_errors, 95),
        inside=sum(_is_inside(at, speech) for at in edges),
    )


def _wanted_edges(truth: Truth, speech: Sequence[Span], room: int) -> tuple[list[int], list[int]]:
    """Return where cuts should begin and end, in order."""
    sounding = [span for event in truth.events for span in event.speech or (event.span,)]
    ends_before = [0, *sorted(span.end for span in sounding)]
    starts_after = [*sorted(span.start for span in sounding), truth.n_samples]
    starts, ends = [], []
    for span in speech:
        before = ends_before[bisect_left(ends_before, span.start + 1) - 1]
        after = starts_after[bisect_left(starts_after, span.end)]
        starts.append(span.start - min(room, (span.start - before) // 2))
        ends.append(span.end + min(room, (after - span.end) // 2))
    return starts, ends


def _nearest(at: int, edges: Sequence[int]) -> float:
    place = bisect_left(edges, at)
    return min(abs(at - edge) for edge in edges[max(0, place - 1) : place + 1]) / HEARING_RATE_HZ


def _is_inside(at: int, speech: Sequence[Span]) -> bool:
    place = bisect_left(speech, at, key=lambda span: span.start) - 1
    span = speech[max(0, place)]
    return span.start + _INSIDE < at < span.end - _INSIDE


def _percentile(errors: Sequence[float], share: float) -> float | None:
    return round(float(np.percentile(errors, share)), 4) if errors else None
