"""Where every mark of a picture lies; `pictures.html.j2` draws them. Widths are of a 360-unit box.

Each picture carries its content in words, for who cannot see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from voxgate.reporting.numbers import bounds, plain
from voxgate.reporting.scales import Scale, scale_for
from voxgate.reporting.spread import Spread, quantile

__all__ = ["IntervalPicture", "SpreadPicture", "draw_intervals", "draw_spread"]

WIDTH = 360
_LEFT, _RIGHT = 6, 354
_ROW = 34
_TOP = 20
_AXIS = 28
_BINS = 40
_TALL = 30


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A round number of the axis."""

    x: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An upright line with a name: a limit, real recordings, other speakers."""

    x: float
    text: str
    kind: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class IntervalRow:
    """An interval of one voice; `y` is its line."""

    who: str
    text: str
    y: float
    low: float
    point: float
    high: float


@dataclass(frozen=True, kw_only=True)
class IntervalPicture:
    """Intervals below each other on one axis."""

    title: str
    words: str
    height: float
    rows: tuple[IntervalRow, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, kw_only=True)
class SpreadRow:
    """The histogram of one voice as the `d` of a path, with its median and nine tenths below."""

    who: str
    text: str
    y: float
    path: str
    low: float
    median: float
    high: float


@dataclass(frozen=True, kw_only=True)
class SpreadPicture:
    """Histograms below each other on one axis; `band` is where real recordings lie."""

    title: str
    unit: str
    note: str
    words: str
    height: float
    rows: tuple[SpreadRow, ...]
    band: tuple[float, float, float] | None
    ticks: tuple[Tick, ...]


def draw_intervals(
    title: str, values: Mapping[str, Any], marks: Sequence[tuple[str, float]], *, name: str
) -> IntervalPicture:
    """Lay intervals by voice and named marks (limit, real recordings, …) on one axis."""
    numbers = [value[key] for value in values.values() for key in ("low", "high")]
    scale = scale_for([*numbers, *(at for _, at in marks)], left=_LEFT, right=_RIGHT)
    rows = tuple(
        IntervalRow(
            who=who,
            text=f"{who} {bounds(value, name)}",
            y=_TOP + _ROW * (number + 1) - 8,
            low=scale(value["low"]),
            point=scale(value["point"]),
            high=scale(value["high"]),
        )
        for number, (who, value) in enumerate(values.items())
    )
    drawn = tuple(
        Mark(x=scale(at), text=f"{what} {plain(at, name)}", kind=what, anchor=_anchor(scale(at)))
        for what, at in marks
    )
    words = "; ".join([*(row.text for row in rows), *(mark.text for mark in drawn)])
    return IntervalPicture(
        title=title,
        words=words,
        height=_TOP + _ROW * len(rows) + 14 * len(drawn) + _AXIS,
        rows=rows,
        marks=drawn,
        ticks=_ticks(scale, name),
    )


def draw_spread(spread: Spread) -> SpreadPicture:
    """Lay one histogram a voice on one axis."""
    held = {who: values for who, values in spread.values.items() if values}
    everything = [v for values in held.values() for v in (values[0], values[-1])]
    scale = scale_for([*everything, *spread.real.values()], left=_LEFT, right=_RIGHT, room=0.02)
    rows = []
    for number, (who, values) in enumerate(held.items()):
        base = _TOP + (number + 1) * (_ROW + 20) - 8
        low, median, high = (quantile(values, share) for share in (0.05, 0.5, 0.95))
        numbers = [plain(v, spread.name) for v in (median, low, high)]
        rows.append(
            SpreadRow(
                who=who,
                text=f"{who} {numbers[0]} [{numbers[1].removesuffix(' %')}, {numbers[2]}]",
                y=base,
                path=_histogram(values, scale, base),
                low=scale(low),
                median=scale(median),
                high=scale(high),
            )
        )
    words = [row.text for row in rows]
    band = None
    if spread.real:
        p5, p50, p95 = (spread.real[name] for name in ("p5", "p50", "p95"))
        band = (scale(p5), scale(p50), scale(p95))
        shown = [plain(v, spread.name) for v in (p50, p5, p95)]
        words.append(f"real recordings {shown[0]} [{shown[1]}, {shown[2]}]")
    return SpreadPicture(
        title=spread.title,
        unit="" if spread.unit == "share" else spread.unit,
        note=spread.note,
        words=f"median and the bounds of nine tenths: {'; '.join(words)}",
        height=_TOP + (_ROW + 20) * len(rows) + _AXIS,
        rows=tuple(rows),
        band=band,
        ticks=_ticks(scale, spread.name),
    )


def _histogram(values: Sequence[float], scale: Scale, base: float) -> str:
    """Return steps over `_BINS` equal bins; the fullest bin reaches the top."""
    width = (scale.high - scale.low) / _BINS
    counts = [0] * _BINS
    for value in values:
        counts[min(int((value - scale.low) / width), _BINS - 1)] += 1
    edges = [scale(scale.low + k * width) for k in range(_BINS + 1)]
    steps = [
        f"L{left} {round(base - _TALL * n / max(counts), 1)}H{right}"
        for (left, right), n in zip(pairwise(edges), counts, strict=True)
    ]
    return f"M{edges[0]} {base}{''.join(steps)}V{base}Z"


def _ticks(scale: Scale, name: str) -> tuple[Tick, ...]:
    return tuple(Tick(x=scale(at), text=_short(at, name)) for at in scale.ticks())


def _short(value: float, name: str) -> str:
    text = plain(value, name)
    if text.endswith(" %"):
        return f"{text.removesuffix(' %').removesuffix('.0')} %"
    return f"{value:.6g}".replace("-", "−")


def _anchor(x: float) -> str:
    if x < WIDTH / 4:
        return "start"
    return "end" if x > 3 * WIDTH / 4 else "middle"
