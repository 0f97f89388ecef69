from __future__ import annotations

from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.executors import SerialExecutor
from voxgate.settings import Settings
from voxgate.wiring.workers import build_executor


def test_processes_are_as_many_as_asked_for() -> None:
    executor = build_executor(Settings(executor="processes", workers=3))
    assert isinstance(executor, ProcessExecutor)
    assert executor.workers == 3


def test_one_worker_is_this_process() -> None:
    for asked in (
        Settings(executor="processes", workers=1),
        Settings(executor="serial", workers=8),
    ):
        assert isinstance(build_executor(asked), SerialExecutor)
