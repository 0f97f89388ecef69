"""Which parts of a recording a recogniser hears at once: at most 28 s, divided at pauses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from voxgate.corpus.cutting.sound.levels import Levels
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.types import HEARING_RATE_HZ

__all__ = ["MAX_WINDOW_S", "halve", "plan_windows"]

MAX_WINDOW_S = 28.0
"""Whisper hears 30 s; near the end of what it hears it is less sure of where words are."""

_ROOM = round(0.3 * HEARING_RATE_HZ)
_LONGEST_PAUSE = round(2.0 * HEARING_RATE_HZ)
"""Whisper takes a longer silence for the end and leaves out what comes behind it."""


def plan_windows(islands: Sequence[Span], levels: Levels, *, n_samples: int) -> list[Span]:
    """Group speech into windows; each has up to 0.3 s of what surrounds it as room.

    Of the pauses at which a full window could end, it ends at the longest of its second half. A
    single stretch that is longer than a window is divided where the least sounds.
    """
    parts = [part for island in islands for part in _divided(island, levels)]
    groups: list[list[Span]] = []
    for part in parts:
        if groups and _fits(groups[-1], part):
            groups[-1].append(part)
        else:
            groups += _break(groups.pop(), part) if groups else [[part]]
    return _with_room([Span(group[0].start, group[-1].end) for group in groups], n_samples)


def halve(window: Span, islands: Sequence[Span]) -> list[Span]:
    """Divide a window in the pause that is nearest to its middle; none means it stays whole."""
    middle = (window.start + window.end) // 2
    inside = [i for i in islands if i.overlap(window)]
    cuts = [(a.end + b.start) // 2 // GRID * GRID for a, b in pairwise(inside)]
    cuts = [cut for cut in cuts if window.start < cut < window.end]
    if not cuts:
        return [window]
    cut = min(cuts, key=lambda at: abs(at - middle))
    return [Span(window.start, cut), Span(cut, window.end)]


def _fits(group: Sequence[Span], part: Span) -> bool:
    near = part.start - group[-1].end <= _LONGEST_PAUSE
    return near and part.end - group[0].start <= _longest()


def _break(group: list[Span], part: Span) -> list[list[Span]]:
    """End `group` before `part`, or earlier where that is a longer pause and all still fits."""
    gaps = [b.start - a.end for a, b in zip(group, [*group[1:], part], strict=True)]
    middle = (group[0].start + group[-1].end) / 2
    late = [n for n, each in enumerate(group) if each.end >= middle]
    at = max(late, key=lambda n: (gaps[n], n)) + 1
    rest = [*group[at:], part]
    if rest[-1].end - rest[0].start > _longest():
        at, rest = len(group), [part]
    return [group[:at], rest]


def _divided(island: Span, levels: Levels) -> list[Span]:
    parts, start = [], island.start
    while island.end - start > _longest():
        cut = levels.quietest(Span(start + _longest() // 2, start + _longest()))
        parts.append(Span(start, cut))
        start = cut
    return [*parts, Span(start, island.end)]


def _with_room(windows: Sequence[Span], n_samples: int) -> list[Span]:
    """Widen each window by its room, and by no more than half of the pause to its neighbour."""
    ends = [0, *(window.end for window in windows)]
    starts = [*(window.start for window in windows), n_samples]
    last = len(windows) - 1
    roomy = []
    for n, window in enumerate(windows):
        before = (window.start - ends[n]) // (1 if n == 0 else 2)
        after = (starts[n + 1] - window.end) // (1 if n == last else 2)
        roomy.append(Span(window.start - min(_ROOM, before), window.end + min(_ROOM, after)))
    return roomy


def _longest() -> int:
    return round(MAX_WINDOW_S * HEARING_RATE_HZ) - 2 * _ROOM
