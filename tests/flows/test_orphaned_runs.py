"""A run whose process is gone is given up; one that lives, or begins, is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.states import Pending, Running

from flows import orphaned_runs as module
from flows.orphaned_runs import crash_orphans

pytestmark = pytest.mark.usefixtures("prefect_api")


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as made:
        yield made


@pytest.fixture
def pool(client: SyncPrefectClient) -> str:
    name = f"pool-{uuid4().hex[:8]}"
    client.create_work_pool(WorkPoolCreate(name=name, type="process"))
    return name


def _run(client: SyncPrefectClient, pool: str, state: object) -> FlowRun:
    flow = client.create_flow_from_name("retrain-voice")
    deployment = client.create_deployment(flow, f"d-{uuid4().hex[:8]}", work_pool_name=pool)
    run = client.create_flow_run_from_deployment(deployment)
    client.set_flow_run_state(run.id, state, force=True)  # type: ignore[arg-type]
    return run


def _state(client: SyncPrefectClient, run: FlowRun) -> str | None:
    return client.read_flow_run(run.id).state_name


def _process(run: FlowRun) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PREFECT__FLOW_RUN_ID": str(run.id)}
    return subprocess.Popen([sys.executable, "-c", "input()"], env=environment, stdin=-1)


def test_a_run_is_given_up_when_its_process_is_gone(client: SyncPrefectClient, pool: str) -> None:
    run = _run(client, pool, Running())
    with _process(run) as process:
        client.update_flow_run(run.id, infrastructure_pid=str(process.pid))
        assert crash_orphans(client, pool) == ()
        process.kill()
    assert crash_orphans(client, f"{pool}-other") == ()
    assert crash_orphans(client, pool) == (run.name,)
    assert _state(client, run) == "Crashed"
    assert crash_orphans(client, pool) == ()


def test_a_number_that_another_process_has_by_now_is_no_sign_of_life(
    client: SyncPrefectClient, pool: str
) -> None:
    run = _run(client, pool, Running())
    client.update_flow_run(run.id, infrastructure_pid=str(os.getpid()))
    assert crash_orphans(client, pool) == (run.name,)


def test_a_run_that_is_just_being_started_has_no_process_yet(
    client: SyncPrefectClient, pool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _run(client, pool, Pending())
    assert crash_orphans(client, pool) == ()
    later = datetime.now(UTC) + timedelta(minutes=3)
    monkeypatch.setattr(module, "utc_now", lambda: later)
    assert crash_orphans(client, pool) == (run.name,)
