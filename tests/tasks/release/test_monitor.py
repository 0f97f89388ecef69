"""The monitor's run over a real ledger: what it does, in which order, and after a crash."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasks.release import monitor as module
from tasks.release.monitor import MonitorReport, monitor, parse_day
from tasks.release.promote import quarantine, roll_back
from tests.fakes.memory import memory_folder
from tests.fakes.releases import POLICY, enter, make_check
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.adapters.sql.ledger import SqlLedger
from voxgate.adapters.sql.outbox import SqlOutbox
from voxgate.errors import (
    ApproverError,
    ConfigError,
    ExternalServiceError,
    LeaseLostError,
    LockHeldError,
)
from voxgate.release import promotions
from voxgate.release.audit import log, verify
from voxgate.release.desk import Desk
from voxgate.release.health import Check
from voxgate.release.policy import Policy
from voxgate.release.records import Release
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.release import open_registry

MODEL = "voice-test"
DAY = date(2026, 11, 20)


class OfflineDesk(Desk):
    """A desk whose registry follows without anybody looking."""

    def follow(self) -> tuple[tuple[str, ...], str | None]:
        return (), None


@dataclass
class Script:
    """Implements Measure: says what it was told to say of a version on a day."""

    plan: dict[tuple[int, date], str] = field(default_factory=dict)
    asked: list[tuple[int, date]] = field(default_factory=list)
    stop: Exception | None = None

    def __call__(self, release: Release, day: date) -> Check:
        self.asked.append((release.version, day))
        if self.stop is not None:
            raise self.stop
        return make_check(day.day, self.plan.get((release.version, day), "ok"))


@pytest.fixture
def desk() -> Iterator[Desk]:
    with memory_folder() as root:
        yield make_desk(root)


def make_desk(root: Path, policy: Policy = POLICY) -> OfflineDesk:
    database = open_database(Settings(), root)
    return OfflineDesk(
        workspace=Workspace(root),
        ledger=SqlLedger(database),
        leases=LeaseTable(database),
        model=MODEL,
        policy=policy,
        outbox=SqlOutbox(database),
        connect=partial(open_registry, Settings(), root),
    )


def end_leases(root: Path) -> None:
    """Let the time to live of a killed holder pass at once."""
    with open_database(Settings(), root).writing() as connection:
        connection.exec_driver_sql("UPDATE ledger_leases SET until_s = 0")


def release(desk: Desk, number: int) -> None:
    enter(desk.ledger, number)
    live = desk.ledger.read(MODEL).live
    desk.ledger.append(
        MODEL,
        lambda book, now: promotions.promote(book, number, expected_live=live, by="anna", now=now),
    )


def days(desk: Desk, measure: Script, *plan: str, version: int = 2) -> list[MonitorReport]:
    """Run the monitor on consecutive days; `plan` is how the version is on each."""
    reports = []
    for number, health in enumerate(plan):
        day = DAY + timedelta(days=number)
        measure.plan[(version, day)] = health
        reports.append(monitor(desk, day=day, measure=measure))
    return reports


def story(desk: Desk) -> list[tuple[Any, ...]]:
    return [(e.kind, e.version, e.actor, e.reason) for e in log(desk.ledger.rows())]


def test_two_failures_roll_back_and_the_version_that_is_live_then_is_measured_too(
    desk: Desk,
) -> None:
    release(desk, 1)
    release(desk, 2)
    measure = Script()
    first, second = days(desk, measure, "failed", "failed")
    assert (first.live, first.left, len(first.alarms)) == (2, (), 1)
    assert (second.live, second.left, second.measured) == (1, (2,), (2, 1))
    assert [alarm.key.rpartition(".")[2] for alarm in second.alarms] == ["failed", "rolled-back"]
    assert {version: c.health.value for version, c in second.checks.items()} == {
        1: "ok",
        2: "failed",
    }
    rolled = log(desk.ledger.rows())[-2]
    assert (rolled.kind, rolled.actor) == ("rolled_back", "policy:monitor")
    assert rolled.reason == "2 consecutive quality failures, the last on 2026-11-21"
    assert verify(desk.ledger.rows()) == []


def test_the_same_day_again_measures_nothing_and_says_the_same(desk: Desk) -> None:
    release(desk, 1)
    release(desk, 2)
    measure = Script()
    second = days(desk, measure, "failed", "failed")[-1]
    events, asked = len(desk.ledger.rows()), len(measure.asked)
    again = monitor(desk, day=second.day, measure=measure)
    assert (len(desk.ledger.rows()), len(measure.asked)) == (events, asked)
    assert again.measured == again.left == ()
    assert (again.alarms, again.checks, again.live) == (second.alarms, second.checks, 1)


def test_a_hold_between_two_failures_is_told_and_does_not_save_the_version(desk: Desk) -> None:
    release(desk, 1)
    release(desk, 2)
    reports = days(desk, Script(), "failed", "hold", "failed")
    assert [report.live for report in reports] == [2, 2, 1]
    assert "could not be checked (failures before: 1)" in reports[1].alarms[0].subject


def test_a_hold_is_tried_again_on_the_same_day(desk: Desk) -> None:
    release(desk, 1)
    measure = Script()
    held = days(desk, measure, "hold", version=1)[0]
    assert len(held.alarms) == 1
    assert days(desk, measure, "hold", version=1)[0].alarms == held.alarms
    assert len(desk.ledger.rows()) == 5
    assert days(desk, measure, "ok", version=1)[0].alarms == ()
    assert len(measure.asked) == 3


def test_nothing_live_is_nothing_to_do(desk: Desk) -> None:
    measure = Script()
    report = monitor(desk, day=DAY, measure=measure)
    assert (report.live, report.alarms, report.checks, measure.asked) == (None, (), {}, [])


def test_with_nothing_good_to_go_back_to_it_only_raises_the_alarm(desk: Desk) -> None:
    release(desk, 1)
    release(desk, 2)
    quarantine(desk, 1, by="anna", reason="it swears")
    last = days(desk, Script(), "failed", "failed")[-1]
    assert (last.live, last.left) == (2, ())
    assert "is live and has failed" in last.alarms[-1].subject


def test_where_a_person_decides_it_only_raises_the_alarm(desk: Desk) -> None:
    release(desk, 1)
    release(desk, 2)
    careful = make_desk(desk.workspace.root, replace(POLICY, automatic_rollback=False))
    last = days(careful, Script(), "failed", "failed")[-1]
    assert (last.live, last.left) == (2, ())
    assert "gate.rollback_policy is person" in last.alarms[-1].text


def test_a_fault_is_no_result(desk: Desk) -> None:
    release(desk, 1)
    events = len(desk.ledger.rows())
    with pytest.raises(ExternalServiceError):
        monitor(desk, day=DAY, measure=Script(stop=ExternalServiceError("away")))
    assert len(desk.ledger.rows()) == events


def test_what_a_person_released_in_the_middle_is_not_rolled_back(desk: Desk) -> None:
    release(desk, 1)
    release(desk, 2)
    measure = Script()
    days(desk, measure, "failed")

    def meanwhile(version: Release, day: date) -> Check:
        if version.version == 2:
            release(desk, 3)
            return make_check(day.day, "failed")
        return make_check(day.day, "ok")

    report = monitor(desk, day=DAY + timedelta(days=1), measure=meanwhile)
    assert (report.live, report.left, report.measured) == (3, (), (2, 3))


def test_a_second_monitor_is_told_who_is_at_work(desk: Desk) -> None:
    with (
        desk.leases.hold(f"monitor:{MODEL}", purpose="monitor-champion"),
        pytest.raises(LockHeldError, match="monitor-champion"),
    ):
        monitor(desk, day=DAY, measure=Script())


def test_a_monitor_that_was_overtaken_enters_nothing(desk: Desk) -> None:
    release(desk, 1)

    def paused(_release: Release, day: date) -> Check:
        with open_database(Settings(), desk.workspace.root).writing() as connection:
            connection.exec_driver_sql("UPDATE ledger_leases SET token = token + 1")
        return make_check(day.day)

    with pytest.raises(LeaseLostError):
        monitor(desk, day=DAY, measure=paused)
    assert not [row for row in desk.ledger.rows() if row.kind == "monitored"]


@pytest.mark.parametrize(
    ("day", "message"), [("2999-01-01", "still to come"), ("today", "expected 2026-11-22")]
)
def test_a_day_that_cannot_be_measured_is_refused(desk: Desk, day: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        monitor(desk, day=parse_day(day), measure=Script())


def test_a_person_does_not_roll_back_under_the_policys_name(desk: Desk) -> None:
    release(desk, 1)
    release(desk, 2)
    with pytest.raises(ApproverError, match="name of a policy"):
        roll_back(desk, to=None, by="policy:monitor", reason="me")


def _killed(root: Path, point: str) -> None:
    """Run the second failing day and die at `point`, in a process of its own."""
    import os
    import signal

    def die(*_arguments: object, **_options: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def after(function: Callable[..., object]) -> Callable[..., None]:
        def call(*arguments: Any, **options: Any) -> None:
            function(*arguments, **options)
            die()

        return call

    desk = make_desk(root)
    measure = Script({(2, DAY + timedelta(days=1)): "failed"})
    patched: dict[str, tuple[str, Callable[..., Any]]] = {
        "before the check is entered": ("_record", die),
        "after the check is entered": ("_record", after(module._record)),
        "after the rollback": ("roll_back_by_policy", after(module.roll_back_by_policy)),
        "before anybody is told": ("find_alarms", die),
    }
    name, replacement = patched[point]
    setattr(module, name, replacement)
    monitor(desk, day=DAY + timedelta(days=1), measure=measure)


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("before the check is entered", marks=pytest.mark.slow),
        "after the check is entered",
        pytest.param("after the rollback", marks=pytest.mark.slow),
        pytest.param("before anybody is told", marks=pytest.mark.slow),
    ],
)
def test_a_killed_monitor_run_again_ends_like_an_uninterrupted_one(point: str) -> None:
    with memory_folder() as folder:
        ends = []
        for name in ("whole", "killed"):
            desk = make_desk(folder / name)
            release(desk, 1)
            release(desk, 2)
            measure = Script()
            days(desk, measure, "failed")
            if name == "killed":
                child = multiprocessing.get_context("spawn").Process(
                    target=_killed, args=(folder / name, point)
                )
                child.start()
                child.join(120)
                assert child.exitcode == -9
                end_leases(folder / name)
            day = DAY + timedelta(days=1)
            measure.plan[(2, day)] = "failed"
            report = monitor(desk, day=day, measure=measure)
            ends.append((story(desk), report.live, report.checks, _told(report)))
        assert ends[0] == ends[1]


def _told(report: MonitorReport) -> list[str]:
    return [alarm.subject for alarm in report.alarms]
