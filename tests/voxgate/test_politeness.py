from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from voxgate import politeness


class _Autogroup:
    """A session's scheduling group that answers every wish with one error after another."""

    def __init__(self, *answers: int | None) -> None:
        self._answers = list(answers)
        self.wishes: list[str] = []

    def write_text(self, wish: str) -> None:
        self.wishes.append(wish)
        if answer := self._answers.pop(0):
            raise OSError(answer, os.strerror(answer))


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOXGATE_BATCH_NICENESS")


@pytest.fixture
def priorities(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    asked: list[int] = []
    monkeypatch.setattr(os, "setpriority", lambda _which, _who, nice: asked.append(nice))
    monkeypatch.setattr(politeness.time, "sleep", lambda _seconds: None)
    return asked


def test_the_process_and_its_session_get_the_lowest_priority(
    monkeypatch: pytest.MonkeyPatch, priorities: list[int]
) -> None:
    group = _Autogroup(errno.EAGAIN, errno.EAGAIN, None)
    monkeypatch.setattr(politeness, "_AUTOGROUP", group)
    politeness.leave_the_processor_to_others()
    assert priorities == [19]
    assert group.wishes == ["19\n"] * 3


def test_a_machine_of_its_own_asks_for_less(
    monkeypatch: pytest.MonkeyPatch, priorities: list[int]
) -> None:
    monkeypatch.setenv("VOXGATE_BATCH_NICENESS", "5")
    group = _Autogroup(None)
    monkeypatch.setattr(politeness, "_AUTOGROUP", group)
    politeness.leave_the_processor_to_others()
    assert priorities == [5]
    assert group.wishes == ["5\n"]


@pytest.mark.parametrize("refusal", [errno.ENOENT, errno.EINVAL, errno.EROFS, errno.EPERM])
def test_a_session_without_a_priority_of_its_own_is_no_fault(
    refusal: int, monkeypatch: pytest.MonkeyPatch, priorities: list[int]
) -> None:
    group = _Autogroup(refusal)
    monkeypatch.setattr(politeness, "_AUTOGROUP", group)
    politeness.leave_the_processor_to_others()
    assert priorities == [19]
    assert len(group.wishes) == 1


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="no scheduling by session")
def test_a_real_process_becomes_nice() -> None:
    code = (
        "import os; from voxgate.politeness import leave_the_processor_to_others as leave; "
        "leave(); print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert done.stdout == "19\n"
