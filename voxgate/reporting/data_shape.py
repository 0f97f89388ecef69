"""Two data versions on one page: where their figures lie, and what the gate finds there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voxgate.evaluation.data_shape.comparison import DataShape
from voxgate.evaluation.data_shape.figures import MEASURES, Measure
from voxgate.evaluation.data_shape.slices import SliceExamples
from voxgate.reporting.environment import open_templates
from voxgate.reporting.pictures import SpreadPicture, draw_spread
from voxgate.reporting.scales import scale_for
from voxgate.reporting.spread import Spread

__all__ = ["render_data_shape"]

_WIDTH, _LEFT, _ROW = 720, 150, 34


@dataclass(frozen=True, kw_only=True)
class _Bar:
    """One slice: its place, and how many examples each version has."""

    name: str
    words: str
    y: int
    old: float
    new: float


def render_data_shape(shape: DataShape, *, changes: str) -> str:
    """Return one HTML file without a script; `changes` says which recordings came and went."""
    slices = list(shape.slices)
    counted = [pair for pair in slices if pair[1].examples is not None]
    return open_templates().get_template("data_shape.html.j2").render(
        shape=shape,
        changes=changes,
        spreads=list(_spreads(shape)),
        absent=[m.title for m in MEASURES if not any(_values(shape, m).values())],
        slices=slices,
        bars=_bars(counted),
        width=_WIDTH,
        left=_LEFT,
        height=_ROW * len(counted) + 8,
    )  # fmt: skip


def _values(shape: DataShape, measure: Measure) -> Mapping[str, tuple[float, ...]]:
    both = {"old": shape.old.values[measure.name], "new": shape.new.values[measure.name]}
    return {who: values for who, values in both.items() if values}


def _spreads(shape: DataShape) -> Iterator[SpreadPicture]:
    for measure in MEASURES:
        values = _values(shape, measure)
        if values:
            counts = ", ".join(f"{who} N={len(found)}" for who, found in values.items())
            yield draw_spread(
                Spread(
                    name=measure.name,
                    title=measure.title,
                    unit=measure.unit,
                    values=values,
                    real={},
                    note=counts,
                )
            )


def _bars(pairs: list[tuple[SliceExamples, SliceExamples]]) -> list[_Bar]:
    counts = [part.examples or 0 for pair in pairs for part in pair]
    across = scale_for([0, *counts], left=_LEFT, right=_WIDTH - 60, room=0.0)
    return [
        _Bar(
            name=new.name,
            words=f"{old.examples} → {new.examples}",
            y=8 + _ROW * number,
            old=across(old.examples or 0) - _LEFT,
            new=across(new.examples or 0) - _LEFT,
        )
        for number, (old, new) in enumerate(pairs)
    ]
