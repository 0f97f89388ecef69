"""`monitor --page`: the last days of the live version, from the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from voxgate.errors import UnknownVersionError
from voxgate.release.control_chart import BREAK, LIMIT, Chart
from voxgate.release.desk import Desk
from voxgate.release.drift import WORST, charts_of, find_drift
from voxgate.release.health import Check
from voxgate.release.records import Release
from voxgate.reporting.drift import DAYS, DriftChart, DriftCheck, DriftDay, DriftPage, render_drift

__all__ = ["drift_page"]

_SHOWN = ("wer", "similarity", "catastrophe_rate", "quality")


def drift_page(desk: Desk, day: date) -> str:
    """Return the page of the live version up to `day`.

    Raises:
        UnknownVersionError: nothing is live.
    """
    book = desk.ledger.read(desk.model)
    if book.live is None:
        raise UnknownVersionError(
            f"nothing of {desk.model} is live, so there is nothing to watch; `voxgate promote N`"
        )
    release = book.releases[book.live]
    first = day - timedelta(days=DAYS - 1)
    told = {alarm.key: alarm.subject for alarm in find_drift(desk.model, release, day)}
    return render_drift(
        DriftPage(
            model=desk.model,
            version=release.version,
            last=day,
            charts=[_chart(chart, first, day, told) for chart in charts_of(release)],
            checks=_checks(release, first, day),
        )
    )


def _chart(chart: Chart, first: date, last: date, told: Mapping[str, str]) -> DriftChart:
    days = zip(chart.points, chart.sums, strict=True)
    findings = [text for key, text in told.items() if f".{chart.name}-" in key]
    return DriftChart(
        name=chart.name,
        days=[
            DriftDay(day=point.day, worse=point.worse, total=total)
            for point, total in days
            if first <= point.day <= last
        ],
        limit=LIMIT,
        broken=BREAK,
        finding=findings[0] if findings else None,
    )


def _checks(release: Release, first: date, last: date) -> list[DriftCheck]:
    shown = [check for check in release.checks if first <= check.day <= last]
    return [
        DriftCheck(
            day=check.day,
            health=check.health.value,
            figures=_figures(check),
            reasons=check.reasons,
            prompts=[str(row["prompt"]) for row in check.figures.get(WORST, ())],
        )
        for check in reversed(shown)
    ]


def _figures(check: Check) -> str:
    today: Mapping[str, Any] = check.figures.get("today", {})
    return ", ".join(f"{name} {today[name]['point']:.3f}" for name in _SHOWN if name in today)
