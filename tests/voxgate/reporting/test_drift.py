from __future__ import annotations

import re
from datetime import date, timedelta

from voxgate.reporting.drift import DriftChart, DriftCheck, DriftDay, DriftPage, render_drift

LAST = date(2026, 11, 28)


def page(*worse: float, finding: str | None = None, reason: str = "none") -> str:
    start = LAST - timedelta(days=len(worse) - 1)
    days = [
        DriftDay(day=start + timedelta(days=n), worse=z, total=max(z, 0.0))
        for n, z in enumerate(worse)
    ]
    return render_drift(
        DriftPage(
            model="voice-test",
            version=3,
            last=LAST,
            charts=[DriftChart(name="wer", days=days, limit=5.0, broken=4.0, finding=finding)],
            checks=[
                DriftCheck(
                    day=LAST, health="ok", figures="wer 0.1", reasons=[reason], prompts=["p"]
                )
            ],
        )
    )


def test_a_quiet_voice_is_as_released_and_a_finding_is_on_top() -> None:
    assert "<h1>As released</h1>" in page(0.1, -0.4, 0.9)
    told = page(0.1, 6.0, finding="wer broke since 2026-11-28")
    assert "<h1>Look here</h1>" in told
    assert "wer broke since 2026-11-28" in told
    assert "beyond it: 2026-11-28 6.0" in told


def test_every_day_has_its_dot_in_both_panels_and_those_beyond_the_limit_are_marked() -> None:
    drawn = page(0.1, 6.0, 0.3)
    assert len(re.findall(r"<circle", drawn)) == 6
    assert drawn.count('class="point over"') == 2


def test_a_figure_without_days_says_so() -> None:
    assert "No day has a figure of it." in page()


def test_texts_are_escaped_and_nothing_is_fetched() -> None:
    drawn = page(0.1, reason="<script>alert(1)</script>")
    assert "<script" not in drawn
    assert "http" not in drawn.split("</style>")[1]
