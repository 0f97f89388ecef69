"""Flow runs whose process is gone: Prefect's server goes on counting them as running.

It is told of an end by the process itself, or by the worker that started it; where both were
killed, the run would hold its place in the work pool for good.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from voxgate.clock import utc_now

__all__ = ["crash_orphans"]

_STARTING = timedelta(minutes=2)
"""How long a run may be pending without a process: a worker of this machine may start it now."""

_NAMED_BY = b"PREFECT__FLOW_RUN_ID="


def crash_orphans(client: SyncPrefectClient, pool: str) -> tuple[str, ...]:
    """Give up the runs of a pool whose processes are gone; returns their names.

    The pool must be of this machine alone: process ids of another say nothing here.
    """
    held = FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])
    runs = client.read_flow_runs(
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=held)),
    )
    orphans = [run for run in runs if not _is_alive(run)]
    for run in orphans:
        state: Any = Crashed(message="its process is gone, and so is the worker that started it")
        client.set_flow_run_state(run.id, state)
    return tuple(run.name for run in orphans)


def _is_alive(run: FlowRun) -> bool:
    """Look for the process, and whether it is this run's: numbers of processes come again."""
    if not run.infrastructure_pid:
        return run.state is not None and utc_now() - run.state.timestamp < _STARTING
    number = run.infrastructure_pid.rpartition(":")[2]
    try:
        environment = Path("/proc", number, "environ").read_bytes()
    except OSError:
        return False
    return _NAMED_BY + str(run.id).encode() in environment.split(b"\0")
