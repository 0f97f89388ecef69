"""How one voice sounds over all its samples, beside the speaker's own recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.sound.catalogue import CATALOGUE

__all__ = ["Spread", "sound_rows", "sound_spreads"]

_DECIMALS_BELOW = ((1.0, 4), (100.0, 2))


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A measure over samples; `samples` had a figure. Each value is one that was measured."""

    samples: int
    p5: float
    median: float
    p95: float


def sound_spreads(rows: Sequence[ItemScore]) -> dict[str, Spread]:
    """Return the spread of each measure, in the order of reports; one without a figure is absent.

    Evidence from before sound was measured has none.
    """
    spreads = {}
    for measure in CATALOGUE:
        values = sorted(v for row in rows if (v := row.sound.get(measure.name)) is not None)
        if values:
            p5, median, p95 = (values[int(s * (len(values) - 1))] for s in (0.05, 0.5, 0.95))
            spreads[measure.name] = Spread(samples=len(values), p5=p5, median=median, p95=p95)
    return spreads


def sound_rows(
    rows: Sequence[ItemScore], recordings: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield a line of a report for each measure: name, unit, this voice, real recordings."""
    spreads = sound_spreads(rows)
    for measure in CATALOGUE:
        spread = spreads.get(measure.name)
        real = recordings.get(measure.name)
        voice = "-" if spread is None else (
            f"{_shown(spread.median)} [{_shown(spread.p5)}, {_shown(spread.p95)}]"
        )  # fmt: skip
        bounds = "-" if real is None else f"{_shown(real['p1'])} to {_shown(real['p99'])}"
        yield measure.title, measure.unit, voice, bounds


def _shown(value: float) -> str:
    """Return about four digits, whatever the unit."""
    decimals = next((d for bound, d in _DECIMALS_BELOW if abs(value) < bound), 0)
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
