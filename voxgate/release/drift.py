"""Is the live voice leaving what it was released as, slowly or at once? From the ledger alone.

A check that fails takes a version down; a drift stays below that for weeks. So it is only told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from voxgate.release.alarms import Alarm
from voxgate.release.control_chart import BREAK, LIMIT, Chart, Point, draw_chart
from voxgate.release.health import Check
from voxgate.release.records import Release

__all__ = ["CHARTED", "DEVIATIONS", "WORST", "charts_of", "find_drift"]

CHARTED = ("wer", "similarity", "catastrophes", "similarity_low", "quality")
"""Means and tails; each more would add its own false alarms."""

DEVIATIONS, WORST = "deviations", "worst"
"""Names in the figures of a check: how much worse each figure was, in standard errors, and the
prompts that lost the most words."""

_NAMED = 5


def charts_of(release: Release) -> tuple[Chart, ...]:
    """Return the charts of a version; days without a number are left out."""
    return tuple(
        draw_chart(name, [Point(check.day, z) for check, z in _series(release, name)])
        for name in CHARTED
    )


def find_drift(model: str, release: Release, day: date) -> Iterator[Alarm]:
    """Yield what `day` adds to the charts of the live version: a break or a drift of a figure."""
    for chart in charts_of(release):
        if not chart.points or chart.points[-1].day != day:
            continue
        since = chart.drifted_since
        if chart.broken:
            yield _alarm(model, release, chart, "broke", since=day)
        elif since is not None:
            yield _alarm(model, release, chart, "drifts", since=since)


def _alarm(model: str, release: Release, chart: Chart, what: str, *, since: date) -> Alarm:
    days = [point for point in chart.points if point.day >= since]
    mean = sum(point.worse for point in days) / len(days)
    limit = f"a day counts as broken beyond {BREAK:g}"
    if what == "drifts":
        limit = f"the sum of what is beyond chance is {chart.sums[-1]:.1f}, its limit {LIMIT:g}"
    return Alarm(
        # The same drift is one alarm, however many days it lasts.
        key=f"{model}.{release.version}.{since}.{chart.name}-{what}",
        subject=f"{model} version {release.version}: {chart.name} {what} since {since}",
        text=f"{chart.name} was {mean:.1f} standard errors worse than released, the mean of "
        f"{len(days)} days; {limit}. Prompts: {_prompts(release, since)}. Nothing was changed; "
        "`voxgate monitor --page FILE` shows the last 90 days.",
    )


def _prompts(release: Release, since: date) -> str:
    lost: Counter[str] = Counter()
    for check in release.checks:
        if check.day >= since:
            lost.update(row["prompt"] for row in check.figures.get(WORST, ()))
    return ", ".join(name for name, _ in lost.most_common(_NAMED)) or "none lost words"


def _series(release: Release, name: str) -> Iterator[tuple[Check, float]]:
    for check in release.checks:
        found: Any = check.figures.get(DEVIATIONS, {}).get(name)
        if found is not None:
            yield check, float(found)
