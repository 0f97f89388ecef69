"""Which scheduled runs are missing: prefect.yaml against Prefect and the checkout's heartbeats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import get_current_settings

from flows.deployment import deployed_name
from tasks.heartbeat import read_heartbeat
from tasks.schedules import GRACE, Schedule, Seen, Standing, judge, read_schedules
from voxgate.stage import Workspace

__all__ = ["watch_schedules"]


def watch_schedules(
    root: Path, *, voice: str, now: datetime, grace: timedelta = GRACE
) -> tuple[Standing, ...]:
    """Return how every schedule of the checkout's prefect.yaml stands; `voice` is its model.

    Raises:
        ConfigError: prefect.yaml cannot be understood.
    """
    schedules = read_schedules(Workspace(root).schedules_file)
    return tuple(
        judge(schedule, seen, voice=voice, now=now, grace=grace)
        for schedule, seen in zip(schedules, _look(root, schedules, voice), strict=True)
    )


def _look(root: Path, schedules: tuple[Schedule, ...], voice: str) -> Iterator[Seen]:
    beats = {schedule.name: read_heartbeat(root, schedule.name) for schedule in schedules}
    url = get_current_settings().api.url
    if url is None:  # an embedded API schedules nothing; there is nobody to ask
        yield from (Seen(completed=beats[schedule.name]) for schedule in schedules)
        return
    with get_client(sync_client=True) as client:
        problem = client.api_healthcheck()
        if problem is not None:
            obstacle = f"Prefect's server at {url} does not answer ({problem!r}): start it."
            yield from (Seen(completed=beats[s.name], obstacle=obstacle) for s in schedules)
            return
        for schedule in schedules:
            yield _ask(client, deployed_name(schedule.name, voice), beats[schedule.name])


def _ask(client: SyncPrefectClient, name: str, beat: datetime | None) -> Seen:
    found = client.read_deployments(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[name]))
    )
    if not found:
        return Seen(completed=beat)
    deployment = found[0]
    runs = _runs(client, deployment, FlowRunFilterState(type=_type(StateType.COMPLETED)))
    ended = [time for time in (beat, runs[0].end_time if runs else None) if time is not None]
    return Seen(
        completed=max(ended, default=None),
        deployed_at=deployment.created,
        obstacle=_obstacle(client, deployment),
    )


def _obstacle(client: SyncPrefectClient, deployment: DeploymentResponse) -> str | None:
    if deployment.paused or not any(schedule.active for schedule in deployment.schedules):
        return f"Its schedule is paused: `prefect deployment schedule resume {deployment.name}`."
    late = _runs(client, deployment, FlowRunFilterState(name=FlowRunFilterStateName(any_=["Late"])))
    if late:
        return f"{len(late)} of its runs wait for a worker: start one with `voxgate worker`."
    failed = (StateType.FAILED, StateType.CRASHED)
    runs = _runs(client, deployment, FlowRunFilterState(type=_type(*failed)))
    if runs and runs[0].state is not None:
        return f"Its last faulty run says: {runs[0].state.message}"
    return None


def _runs(
    client: SyncPrefectClient, deployment: DeploymentResponse, state: FlowRunFilterState
) -> list[FlowRun]:
    """Return runs of a deployment in a state, the last one first."""
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment.id]), state=state
        ),
        sort=FlowRunSort.END_TIME_DESC,
    )


def _type(*types: StateType) -> FlowRunFilterStateType:
    return FlowRunFilterStateType(any_=list(types))
