"""What Prefect itself says about schedules."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import CronSchedule
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Completed, Failed

from flows.schedule_watch import watch_schedules
from tasks.heartbeat import leave_heartbeat
from tasks.schedules import Standing

CRON = "0 * * * *"


@flow
def nightly() -> None:
    """Stand for a scheduled flow."""


def _watch(root: Path, **later: int) -> Standing:
    now = datetime.now(UTC) + timedelta(**later)
    (standing,) = watch_schedules(root, voice="anna", now=now, grace=timedelta(minutes=30))
    return standing


async def _deploy(name: str, *, active: bool) -> UUID:
    async with get_client() as client:
        flow_id = await client.create_flow(nightly)
        schedule = DeploymentScheduleCreate(schedule=CronSchedule(cron=CRON), active=active)
        return await client.create_deployment(
            flow_id=flow_id, name=f"{name}-anna", schedules=[schedule]
        )


async def _run(deployment_id: UUID, state: Completed | Failed) -> None:
    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(deployment_id)
        await client.set_flow_run_state(run.id, state, force=True)


@pytest.fixture
def named(tmp_path: Path) -> str:
    name = f"nightly-{uuid4().hex[:8]}"
    text = f'deployments:\n- {{name: {name}, schedules: [{{cron: "{CRON}"}}]}}\n'
    (tmp_path / "prefect.yaml").write_text(text)
    return name


@pytest.mark.usefixtures("prefect_api")
def test_prefect_says_when_a_run_ended_and_what_keeps_it_from_running(
    tmp_path: Path, named: str
) -> None:
    assert _watch(tmp_path).punctuality == "not_deployed"
    deployment_id = asyncio.run(_deploy(named, active=True))
    assert _watch(tmp_path).punctuality == "on_time"  # it is younger than the last run due
    late = _watch(tmp_path, hours=3)
    assert (late.punctuality, late.obstacle) == ("late", None)
    asyncio.run(_run(deployment_id, Failed(message="the registry is away")))
    assert _watch(tmp_path, hours=3).obstacle == "Its last faulty run says: the registry is away"
    asyncio.run(_run(deployment_id, Completed()))
    ended = _watch(tmp_path).completed
    assert ended is not None
    assert abs(datetime.now(UTC) - ended) < timedelta(minutes=10)


@pytest.mark.usefixtures("prefect_api")
def test_a_paused_schedule_is_named_as_the_cause(tmp_path: Path, named: str) -> None:
    asyncio.run(_deploy(named, active=False))
    late = _watch(tmp_path, hours=3)
    assert late.punctuality == "late"
    assert late.obstacle is not None
    assert late.obstacle.startswith("Its schedule is paused")


@pytest.mark.usefixtures("impatient_client")
def test_with_prefect_down_the_heartbeat_still_tells(tmp_path: Path, named: str) -> None:
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        late = _watch(tmp_path)
        assert (late.punctuality, late.completed) == ("late", None)
        assert late.obstacle is not None
        assert "Prefect's server at http://127.0.0.1:9/api does not answer" in late.obstacle
        leave_heartbeat(tmp_path, named, now=datetime.now(UTC))
        assert _watch(tmp_path).punctuality == "on_time"
        assert _watch(tmp_path, hours=3).punctuality == "late"
