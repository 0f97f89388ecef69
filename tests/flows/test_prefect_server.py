"""A real Prefect server and a real worker: a cron schedule fires, and a form is sent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
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
from tests.fakes.prefect_server import prefect_server, running, wait_for
from tests.fakes.release_site import ReleaseSite
from voxgate.clock import utc_now
from voxgate.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
EVERY_TEN_SECONDS = "* * * * * */10"


@pytest.fixture
def site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    """Yield a checkout whose prefect.yaml is the project's own, beside a running server."""
    with memory_folder() as folder:
        made = ReleaseSite.create(folder / "checkout", mlflow_uri)
        shutil.copy(ROOT / "prefect.yaml", made.root)
        settings = {
            "VOXGATE_MLFLOW_TRACKING_URI": mlflow_uri,
            "VOXGATE_ASSETS_DIR": str(folder / "assets"),
        }
        with prefect_server(folder, settings):
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
    with get_client(sync_client=True) as client, running(worker, site.root / "worker.log"):
        assert client.read_work_pool(pool_of(voice)).type == "process"
        promote = client.read_deployment_by_name(f"promote-voice/promote-{voice}")
        form = client.create_flow_run_from_deployment(promote.id, parameters={"version": version})
        fired = _fire(client, voice)
        assert (fired.auto_scheduled, fired.state_name) == (True, "Nothing live")
        wait_for("the form", lambda: _state(client, form.id) == "Suspended")
        judgement = site.desk.ledger.read(site.desk.model).require(version).judgement
        assert judgement is not None
        client.resume_flow_run(
            form.id,
            run_input={
                "decision": "approve", "by": "anna", "reason": "sounds right",
                "evidence": judgement.evidence_digest[:12], "scope": "internal",
            },
        )  # fmt: skip
        wait_for("the decision", lambda: _state(client, form.id) == "Live")
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

    wait_for("a run by schedule", look)
    client.delete_deployment_schedule(monitor.id, soon.id)
    return ended[0]


def _state(client: SyncPrefectClient, run_id: UUID) -> str | None:
    run = client.read_flow_run(run_id)
    assert run.state is not None
    assert not run.state.is_failed(), run.state.message
    return run.state_name
