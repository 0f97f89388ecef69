"""A real Prefect server and a real worker: a cron schedule fires, and a form is sent."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import CronSchedule
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.deployment import deploy, pool_of
from flows.schedule_watch import watch_schedules
from tasks.heartbeat import read_heartbeat
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.clock import utc_now
from voxgate.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 240
EVERY_TEN_SECONDS = "* * * * * */10"


@pytest.fixture
def site(mlflow_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseSite]:
    """Yield a checkout whose prefect.yaml is the project's own, beside a running server."""
    with memory_folder() as folder:
        made = ReleaseSite.create(folder / "checkout", mlflow_uri)
        shutil.copy(ROOT / "prefect.yaml", made.root)
        settings = {
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{_free_port()}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PYTHONPATH": str(ROOT),
            "VOXGATE_MLFLOW_TRACKING_URI": mlflow_uri,
            "VOXGATE_ASSETS_DIR": str(folder / "assets"),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        url = settings["PREFECT_API_URL"]
        port = url.split(":")[-1].removesuffix("/api")
        server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
        with (
            temporary_settings({PREFECT_API_URL: url}),
            _running(server, folder / "server.log"),
        ):
            _wait_for("the server", lambda: _healthy(url))
            yield made


@pytest.mark.slow
def test_a_cron_schedule_fires_and_a_form_is_decided_by_the_ledgers_rules(
    site: ReleaseSite,
) -> None:
    version = site.offer(1)
    voice = site.desk.model
    assert "voxgate" in deploy(site.root, voice=voice)
    voxgate = ["-c", "from flows.cli.app import main; main()"]
    worker = [*voxgate, "worker", "--root", str(site.root)]
    with get_client(sync_client=True) as client, _running(worker, site.root / "worker.log"):
        assert client.read_work_pool(pool_of(voice)).type == "process"
        promote = client.read_deployment_by_name(f"promote-voice/promote-{voice}")
        form = client.create_flow_run_from_deployment(promote.id, parameters={"version": version})
        fired = _fire(client, voice)
        assert (fired.auto_scheduled, fired.state_name) == (True, "Nothing live")
        _wait_for("the form", lambda: _state(client, form.id) == "Suspended")
        judgement = site.desk.ledger.read(site.desk.model).require(version).judgement
        assert judgement is not None
        client.resume_flow_run(
            form.id,
            run_input={
                "decision": "approve", "by": "anna", "reason": "sounds right",
                "evidence": judgement.evidence_digest[:12], "scope": "internal",
            },
        )  # fmt: skip
        _wait_for("the decision", lambda: _state(client, form.id) == "Live")
        standings = {s.name: s for s in watch_schedules(site.root, voice=voice, now=utc_now())}
    assert site.desk.ledger.read(site.desk.model).live == version
    assert site.aliases()["champion"] == version
    assert read_heartbeat(site.root, "monitor") is not None
    assert {s.punctuality.value for s in standings.values()} == {"on_time"}
    assert standings["monitor"].completed is not None


def test_without_a_server_there_is_nothing_to_deploy_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with (
        temporary_settings(restore_defaults={PREFECT_API_URL}),
        pytest.raises(ConfigError, match="PREFECT_API_URL: not set: schedules live on a server"),
    ):
        deploy(tmp_path, voice="voice-anna")


def _fire(client: SyncPrefectClient, voice: str) -> FlowRun:
    """Give the monitor a schedule that is due at once; returns the first run that ended."""
    monitor = client.read_deployment_by_name(f"monitor-champion/monitor-{voice}")
    assert [schedule.schedule.cron for schedule in monitor.schedules] == ["0 7 * * *"]
    (soon,) = client.create_deployment_schedules(
        monitor.id, [(CronSchedule(cron=EVERY_TEN_SECONDS), True)]
    )
    ended: list[FlowRun] = []

    def look() -> bool:
        mine = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[monitor.id]))
        runs = client.read_flow_runs(flow_run_filter=mine)
        ended.extend(run for run in runs if run.state is not None and run.state.is_completed())
        return bool(ended)

    _wait_for("a run by schedule", look)
    client.delete_deployment_schedule(monitor.id, soon.id)
    return ended[0]


def _state(client: SyncPrefectClient, run_id: UUID) -> str | None:
    run = client.read_flow_run(run_id)
    assert run.state is not None
    assert not run.state.is_failed(), run.state.message
    return run.state_name


def _wait_for(what: str, look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not look():
        assert time.monotonic() < deadline, f"{what} did not come within {LIMIT_S} s"
        time.sleep(0.3)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _running(arguments: list[str], log: Path) -> Iterator[subprocess.Popen[Any]]:
    """Run Python beside the test, and end it and its children afterwards."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:  # a worker first waits for the runs that it started
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
