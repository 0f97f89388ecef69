from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.executor_work import Counting, Deadly
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.errors import WorkerDiedError
from voxgate.executors import Failed


def test_a_work_is_opened_once_a_worker_and_never_here(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    with ProcessExecutor(2) as executor:
        pids = set(executor.map_ordered(Counting(opened), range(40)))
    lines = opened.read_text().split()
    assert {str(pid) for pid in pids} <= set(lines)
    assert len(lines) == len(set(lines)) <= 2
    assert os.getpid() not in pids


def test_a_worker_that_dies_is_replaced_and_no_item_is_lost(tmp_path: Path) -> None:
    with ProcessExecutor(2) as executor:
        answers = list(executor.map_ordered(Deadly(7, once=tmp_path / "died"), range(20), chunk=3))
    assert answers == list(range(20))


def test_an_item_that_always_kills_is_named_and_the_others_have_answers() -> None:
    with ProcessExecutor(2) as executor:
        answers = list(executor.map_ordered(Deadly(3), range(6), chunk=2))
    assert [*answers[:3], *answers[4:]] == [0, 1, 2, 4, 5]
    dead = answers[3]
    assert isinstance(dead, Failed)
    assert isinstance(dead.error, WorkerDiedError)
    assert "VOXGATE_WORKERS" in str(dead.error)


_CHILD = """
import sys
from pathlib import Path
from tests.fakes.executor_work import Counting
from voxgate.adapters.executors.processes import ProcessExecutor

if __name__ == "__main__":
    with ProcessExecutor(1) as executor:
        for pid in executor.map_ordered(Counting(Path(sys.argv[1])), iter(int, 1)):
            print(pid, flush=True)
"""


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "child.py"
    program.write_text(_CHILD)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    child = subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "opened")],
        stdout=subprocess.PIPE, env=environment, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    worker = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    deadline = time.monotonic() + 10
    while _runs(worker):
        if time.monotonic() > deadline:
            os.kill(worker, signal.SIGKILL)
            pytest.fail("the worker outlived its parent")
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
