"""Control charts of what the monitor measures: a drift of many days told from a break of one.

Each figure of a day is set against the release's on the same prompts, in standard errors of such a
difference. A one-sided CUSUM adds up what lies more than `SLACK` on the bad side and is over its
limit when many small steps went the same way (Page 1954); a single day beyond `BREAK` needs no sum.

The false alarms were counted by simulation: equal voices, 365 days, the release's own luck included
(its samples of a block of prompts are the same each time that the block comes round, which makes
days hang together): with 4 blocks of prompts .018 false alarms a year and chart, with 12 blocks
.003; `BREAK` adds .012. A true shift of 1.5 standard errors is found after 9 days, of 2 after 5
(medians).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["BREAK", "LIMIT", "SLACK", "Chart", "Point", "draw_chart"]

SLACK = 1.0
LIMIT = 5.0
BREAK = 4.0


@dataclass(frozen=True)
class Point:
    """How much worse than its release a voice was on a day, in standard errors."""

    day: date
    worse: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One figure over the days of a version. `sums` are those of the CUSUM, one a point."""

    name: str
    points: tuple[Point, ...]
    sums: tuple[float, ...]

    @property
    def broken(self) -> bool:
        """Tell whether the last day alone is beyond what chance gives."""
        return bool(self.points) and self.points[-1].worse > BREAK

    @property
    def drifted_since(self) -> date | None:
        """The first day of the steps that add up to a drift today; None where there is none.

        A day that is broken by itself is not counted into a drift.
        """
        if not self.sums or self.sums[-1] <= LIMIT:
            return None
        at = len(self.sums) - 1
        while at > 0 and self.sums[at - 1] > 0:
            at -= 1
        return self.points[at].day


def draw_chart(name: str, points: Iterable[Point]) -> Chart:
    """Return the chart of one figure, by day."""
    ordered = sorted(points, key=lambda point: point.day)
    sums: list[float] = []
    total = 0.0
    for point in ordered:
        if point.worse <= BREAK:
            total = max(0.0, total + point.worse - SLACK)
        sums.append(round(total, 6))
    return Chart(name=name, points=tuple(ordered), sums=tuple(sums))
