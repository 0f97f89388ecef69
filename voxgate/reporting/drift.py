"""The last days of a live voice on one page: control charts, and what each check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voxgate.reporting.environment import open_templates
from voxgate.reporting.scales import Scale, scale_for

__all__ = ["DAYS", "DriftChart", "DriftCheck", "DriftDay", "DriftPage", "render_drift"]

DAYS = 90
_WIDTH, _HEIGHT = 720, 150


@dataclass(frozen=True, kw_only=True)
class DriftDay:
    """How much worse a day was, in standard errors, and the sum of what is beyond chance."""

    day: date
    worse: float
    total: float


@dataclass(frozen=True, kw_only=True)
class DriftChart:
    """One figure by day. `finding` is what its alarm says, None where there is none."""

    name: str
    days: Sequence[DriftDay]
    limit: float
    broken: float
    finding: str | None = None


@dataclass(frozen=True, kw_only=True)
class DriftCheck:
    """A check in words; `prompts` lost the most words that day."""

    day: date
    health: str
    figures: str
    reasons: Sequence[str]
    prompts: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class DriftPage:
    """Everything that the page shows: `last` is its last day."""

    model: str
    version: int
    last: date
    charts: Sequence[DriftChart]
    checks: Sequence[DriftCheck]


@dataclass(frozen=True, kw_only=True)
class _Panel:
    """One line of a chart with its limit; places are in a box of `_WIDTH` by `_HEIGHT`."""

    title: str
    words: str
    path: str
    dots: Sequence[tuple[float, float, bool]]
    limit: float
    zero: float
    ticks: Sequence[tuple[float, str]]


def render_drift(page: DriftPage) -> str:
    """Return one HTML file without a script, which needs nothing from anywhere."""
    return (
        open_templates()
        .get_template("drift.html.j2")
        .render(
            page=page,
            first=page.last - timedelta(days=DAYS - 1),
            panels=[(chart, _panels(chart, page.last)) for chart in page.charts],
            width=_WIDTH,
            height=_HEIGHT,
        )
    )


def _panels(chart: DriftChart, last: date) -> list[_Panel]:
    daily = [(each.day, each.worse) for each in chart.days]
    sums = [(each.day, each.total) for each in chart.days]
    return [
        _panel("each day, in standard errors worse than released", daily, chart.broken, last),
        _panel("sum of what is beyond chance (CUSUM)", sums, chart.limit, last),
    ]


def _panel(title: str, values: Sequence[tuple[date, float]], limit: float, last: date) -> _Panel:
    across = Scale(low=1 - DAYS, high=0, left=30, right=_WIDTH - 8)
    up = scale_for([0.0, limit, *(value for _, value in values)], left=_HEIGHT - 22, right=8)
    places = [(across((day - last).days), up(value), value > limit) for day, value in values]
    beyond = [f"{day} {value:.1f}" for day, value in values if value > limit]
    return _Panel(
        title=title,
        words=f"{len(values)} days; limit {limit:g}; beyond it: {', '.join(beyond) or 'none'}",
        path=" ".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y, _) in enumerate(places)),
        dots=places,
        limit=up(limit),
        zero=up(0.0),
        ticks=[
            (across(-ago), (last - timedelta(days=ago)).strftime("%d %b"))
            for ago in range(0, DAYS, 15)
        ],
    )
