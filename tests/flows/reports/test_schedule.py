from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.reports.schedule import describe_standing
from tasks.schedules import Punctuality, Standing

DUE = datetime(2026, 11, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("punctuality", "completed", "line"),
    [
        ("on_time", DUE, "monitor: on time, last ended 2026-11-02T01:00+00:00"),
        ("on_time", None, "monitor: on time, last run still to come"),
        ("not_deployed", None, "monitor: not deployed, and never run here; `voxgate deploy`"),
        ("late", None, "ALARM voice-anna: the scheduled run of 'monitor' is missing"),
    ],
)
def test_a_schedule_is_a_line_or_an_alarm(
    punctuality: str, completed: datetime | None, line: str
) -> None:
    standing = Standing(
        voice="voice-anna",
        name="monitor",
        punctuality=Punctuality(punctuality),
        due=DUE,
        completed=completed,
    )
    assert describe_standing(standing).splitlines()[0] == line
