from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tasks.campaigns.dry_runs import DryRuns
from voxgate.campaigns.service import DryRunStatus
from voxgate.errors import NotCalibratedError, OverloadedError, VoxgateError

PATIENCE_S = 30.0


class Planning:
    """Plans when it is let; `fault` is raised instead."""

    def __init__(self) -> None:
        self.begun, self.let, self.done = threading.Event(), threading.Event(), threading.Event()
        self.planned: list[tuple[str, str]] = []
        self.fault: Exception | None = None

    def __call__(self, campaign_id: str, by: str) -> dict[str, Any]:
        self.begun.set()
        assert self.let.wait(PATIENCE_S)
        self.planned.append((campaign_id, by))
        if self.fault is not None:
            raise self.fault
        return {"campaign": campaign_id}


@contextmanager
def opened(planning: Planning, **options: int) -> Iterator[DryRuns]:
    with closing(DryRuns(planning, **options)) as runs:
        try:
            yield runs
        finally:
            planning.let.set()


def ended(runs: DryRuns, planning: Planning) -> None:
    planning.let.set()
    runs.close()


def test_a_dry_run_that_is_under_way_is_the_answer() -> None:
    planning = Planning()
    with opened(planning) as runs:
        assert runs.find("spring") is None
        assert runs.begin("spring", by="anna").status is DryRunStatus.QUEUED
        assert planning.begun.wait(PATIENCE_S)
        assert runs.begin("spring", by="ben").status is DryRunStatus.RUNNING
        ended(runs, planning)
        found = runs.find("spring")
    assert found is not None
    assert (found.status, found.plan) == (DryRunStatus.SUCCEEDED, {"campaign": "spring"})
    assert planning.planned == [("spring", "anna")]


def test_only_so_many_wait() -> None:
    planning = Planning()
    with opened(planning, most_waiting=1) as runs:
        runs.begin("a", by="anna")
        assert planning.begun.wait(PATIENCE_S)
        runs.begin("b", by="anna")
        with pytest.raises(OverloadedError, match="1 dry runs wait"):
            runs.begin("c", by="anna")
        assert runs.find("c") is None


def test_what_fails_is_told_and_may_be_done_again() -> None:
    planning = Planning()
    planning.fault = NotCalibratedError("calibrate it")
    with opened(planning) as runs:
        runs.begin("spring", by="anna")
        ended(runs, planning)
        found = runs.find("spring")
    assert found is not None
    assert (found.status, found.error) == (DryRunStatus.FAILED, planning.fault)


def test_a_fault_that_nobody_expected_leaves_no_run_open() -> None:
    planning = Planning()
    planning.fault = RuntimeError("what?")
    with opened(planning) as runs:
        runs.begin("spring", by="anna")
        ended(runs, planning)
        found = runs.find("spring")
    assert found is not None
    assert found.status is DryRunStatus.FAILED
    assert isinstance(found.error, VoxgateError)
