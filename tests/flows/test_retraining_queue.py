"""Several checkouts in one queue of a real Prefect server, on two devices."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.retraining_queue import Queued, enqueue, queue_pool
from tests.fakes.dvc_project import ROOT, make_project
from tests.fakes.memory import memory_folder
from tests.fakes.prefect_server import prefect_server, running, wait_for
from voxgate.errors import ConfigError
from voxgate.wiring.checkout import Checkout

HOST, PLACES = "anna", 2
VOXGATE = ["-c", "from flows.cli.app import main; main()"]
# A training that says what it sees, and ends when it is told to; the last stage refuses, so that
# nothing is judged.
TRAINING = """
import os, sys, time
from pathlib import Path
if sys.argv[1] == "train":
    Path("training").write_text(os.environ["CUDA_VISIBLE_DEVICES"])
    while not Path("go").exists():
        time.sleep(0.2)
    Path("training").unlink()
"""


def _make(folder: Path, voice: str) -> Path:
    root = folder / voice
    root.mkdir()
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["gate"]["model_name"] = f"voice-{voice}"
    (root / "params.yaml").write_text(yaml.safe_dump(params))
    project = make_project(root)
    project.plan("evaluate", refuse=True)
    (root / "stage.py").write_text(TRAINING + (root / "stage.py").read_text())
    return root


@pytest.fixture
def roots(mlflow_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Yield three checkouts that share a ledger, beside a server."""
    with memory_folder() as folder:
        settings = {
            "VOXGATE_LEDGER_URL": f"sqlite:///{folder}/ledger.db",
            "VOXGATE_MLFLOW_TRACKING_URI": mlflow_uri,
            "VOXGATE_TRAINING_DEVICES": "cuda:0,cuda:1",
            "VOXGATE_HOST": HOST,
        }
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        made = [_make(folder, voice) for voice in ("one", "two", "three")]
        with prefect_server(folder, settings):
            yield made


def _queue(roots: list[Path]) -> tuple[Queued, ...]:
    return enqueue([Checkout.open(root) for root in roots], host=HOST, places=PLACES)


def _device(root: Path) -> str | None:
    path = root / "training"
    return path.read_text() or None if path.is_file() else None


def _training(roots: list[Path]) -> list[Path]:
    return [root for root in roots if _device(root) is not None]


def _runs(client: SyncPrefectClient, queued: tuple[Queued, ...]) -> dict[str, FlowRun]:
    names = {one.run: one.model.removeprefix("voice-") for one in queued}
    return {names[run.name]: run for run in client.read_flow_runs() if run.name in names}


def _kill(worker: Any, runs: list[FlowRun]) -> None:
    """Kill a worker and what it started, as where a machine loses its power."""
    os.killpg(worker.pid, signal.SIGKILL)
    for run in runs:
        assert run.infrastructure_pid is not None
        os.kill(int(run.infrastructure_pid.rpartition(":")[2]), signal.SIGKILL)


@pytest.mark.slow
def test_two_train_on_two_devices_a_third_waits_and_what_a_kill_leaves_comes_free(
    roots: list[Path],
) -> None:
    queued = _queue(roots)
    worker = [*VOXGATE, "schedule", "work", "--root", str(roots[0])]
    with get_client(sync_client=True) as client:
        assert client.read_work_pool(queue_pool(HOST)).concurrency_limit == PLACES
        with running(worker, roots[0] / "worker.log") as process:
            wait_for("two trainings", lambda: len(_training(roots)) == PLACES)
            first = _training(roots)
            (waiting,) = set(roots) - set(first)
            assert {_device(root) for root in first} == {"0", "1"}
            runs = _runs(client, queued)
            assert {runs[root.name].state_name for root in first} == {"Running"}
            assert runs[waiting.name].state_name in {"Scheduled", "Late"}
            _kill(process, [runs[root.name] for root in first])
        for root in first:
            (root / "training").unlink()
        with running(worker, roots[0] / "worker2.log"):
            wait_for("the third", lambda: _device(waiting) in {"0", "1"})
            runs = _runs(client, queued)
            assert {runs[root.name].state_name for root in first} == {"Crashed"}
            (waiting / "go").touch()
            wait_for("its end", lambda: _runs(client, queued)[waiting.name].state_name == "Refused")


@pytest.mark.usefixtures("prefect_api")
def test_checkouts_that_share_no_ledger_or_are_one_voice_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / "params.yaml", tmp_path / name)
    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(ConfigError, match="VOXGATE_LEDGER_URL is not set") as caught,
    ):
        _queue([tmp_path / "one", tmp_path / "two"])
    assert "one voice in several checkouts of one machine: voice-en" in str(caught.value)


def test_without_a_server_there_is_no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with (
        temporary_settings(restore_defaults={PREFECT_API_URL}),
        pytest.raises(ConfigError, match="PREFECT_API_URL: not set"),
    ):
        enqueue([], host=HOST, places=PLACES)
