"""Due times and lateness, without Prefect and without a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tasks.heartbeat import leave_heartbeat, read_heartbeat
from tasks.schedules import Punctuality, Schedule, Seen, read_schedules
from tasks.schedules import judge as judge_of
from voxgate.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
judge = partial(judge_of, voice="voice-anna")
NIGHTLY = Schedule(name="retrain", cron="0 1 * * *", timezone="UTC")
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
DUE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
DEPLOYED = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_projects_own_schedules_can_be_read() -> None:
    found = {schedule.name: schedule.cron for schedule in read_schedules(ROOT / "prefect.yaml")}
    assert found == {
        "retrain": "0 1 * * *",
        "monitor": "0 7 * * *",
        "notices": "15 * * * *",
        "speakers": "45 * * * *",
    }


def test_a_broken_schedule_is_named(tmp_path: Path) -> None:
    path = tmp_path / "prefect.yaml"
    with pytest.raises(ConfigError, match="the file is missing"):
        read_schedules(path)
    path.write_text(
        "deployments:\n"
        "- {name: a, schedules: [{cron: '61 * * * *'}]}\n"
        "- {name: b, schedules: [{cron: '0 1 * * *', timezone: Mars/Base}]}\n"
        "- {name: c, schedules: []}\n"
    )
    with pytest.raises(ConfigError, match="2 faults") as caught:
        read_schedules(path)
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["a", "b"]
    path.write_text("a: [")
    with pytest.raises(ConfigError, match="not YAML"):
        read_schedules(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deployments: 3", "expected a list 'deployments', got 3"),
        ("deployments: [x]", "deployments 1: expected a mapping, got 'x'"),
        ("[a]", "expected a mapping with `deployments`, got ['a']"),
        ("deployments: [{schedules: []}]", "deployments 1: expected a name, got None"),
        ("deployments: [{name: a, schedules: x}]", "a: expected a list 'schedules', got 'x'"),
        ("deployments: [{name: a, schedules: [1]}]", "a: schedules 1: expected a mapping, got 1"),
        ("deployments: [{name: a, schedules: [{cron: [1]}]}]", "a: schedules 1: cron [1]"),
        ("deployments: [{name: a, schedules: [{cron: 0 0 31 2 *}]}]", "is no schedule"),
        ("deployments: [{name: a, schedules: [{cron: 0 0 * * *, timezone: ../x}]}]", "no schedule"),
        ("deployments: [{name: a, name: b}]", "the key 'name' is on line 1 already"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_every_place(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "prefect.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_schedules(tmp_path / "prefect.yaml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("before", "due"),
    [
        (DUE, DUE),
        (DUE + timedelta(seconds=30), DUE),
        (DUE - timedelta(seconds=1), DUE - timedelta(days=1)),
        (NOW, DUE),
    ],
)
def test_a_run_is_due_at_its_very_minute(before: datetime, due: datetime) -> None:
    assert NIGHTLY.last_due(before) == due


def test_a_schedule_keeps_its_own_time_zone() -> None:
    berlin = Schedule(name="retrain", cron="0 1 * * *", timezone="Europe/Berlin")
    assert berlin.last_due(NOW) == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(completed=DUE + timedelta(hours=5), deployed_at=DEPLOYED), Punctuality.ON_TIME),
        (Seen(completed=DUE, deployed_at=DEPLOYED), Punctuality.ON_TIME),
        (Seen(completed=DUE - timedelta(hours=1), deployed_at=DEPLOYED), Punctuality.LATE),
        (Seen(deployed_at=DEPLOYED), Punctuality.LATE),
        (Seen(deployed_at=DUE + timedelta(hours=1)), Punctuality.ON_TIME),
        (Seen(completed=DUE - timedelta(hours=1)), Punctuality.LATE),
        (Seen(obstacle="Prefect does not answer"), Punctuality.LATE),
        (Seen(), Punctuality.NOT_DEPLOYED),
    ],
)
def test_a_run_that_did_not_end_is_late(seen: Seen, expected: Punctuality) -> None:
    standing = judge(NIGHTLY, seen, now=NOW)
    assert standing.punctuality is expected
    assert (standing.alarm is not None) == (expected is Punctuality.LATE)


def test_a_run_may_take_its_grace() -> None:
    seen = Seen(completed=DUE - timedelta(days=1), deployed_at=DEPLOYED)
    within = judge(NIGHTLY, seen, now=DUE + timedelta(hours=11))
    assert (within.punctuality, within.due) == (Punctuality.ON_TIME, DUE - timedelta(days=1))
    after = judge(NIGHTLY, seen, now=DUE + timedelta(hours=2), grace=timedelta(hours=1))
    assert after.punctuality is Punctuality.LATE


def test_the_alarm_says_since_when_and_why_and_is_one_a_run() -> None:
    seen = Seen(completed=DUE - timedelta(days=1), obstacle="2 of its runs wait for a worker.")
    alarm = judge(NIGHTLY, seen, now=NOW).alarm
    assert alarm is not None
    assert alarm.key == "schedule.voice-anna.retrain.2026-11-25T0100Z"
    assert alarm.subject == "voice-anna: the scheduled run of 'retrain' is missing"
    assert alarm.text == (
        "it was due at 2026-11-25T01:00+00:00; the last run ended at 2026-11-24T01:00+00:00. "
        "2 of its runs wait for a worker."
    )
    later = judge(NIGHTLY, seen, now=NOW + timedelta(hours=1)).alarm
    assert later == alarm


def test_voices_that_share_an_outbox_have_alarms_of_their_own() -> None:
    seen = Seen(completed=DUE - timedelta(days=1))
    alarms = [judge_of(NIGHTLY, seen, voice=name, now=NOW).alarm for name in ("anna", "bob")]
    assert len({alarm.key for alarm in alarms if alarm is not None}) == 2


def test_a_heartbeat_is_per_deployment(tmp_path: Path) -> None:
    assert read_heartbeat(tmp_path, "retrain") is None
    leave_heartbeat(tmp_path, "retrain", now=NOW)
    assert read_heartbeat(tmp_path, "retrain") == NOW
    assert read_heartbeat(tmp_path, "monitor") is None
