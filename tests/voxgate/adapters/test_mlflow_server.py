"""The same projection against a real MLflow server, chosen by setting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.build_tree import write_build_tree
from voxgate.adapters.mlflow.projection import project
from voxgate.adapters.mlflow.registry import download_evidence, versions
from voxgate.adapters.mlflow.store import connect
from voxgate.files import read_json
from voxgate.release.ports.registry import Candidate
from voxgate.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
START_LIMIT_S = 120


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Start mlflow_server/start.sh in a folder of its own, on a free port of loopback."""
    (tmp_path / "mlflow_server").mkdir()
    script = tmp_path / "mlflow_server" / "start.sh"
    script.write_bytes((ROOT / "mlflow_server" / "start.sh").read_bytes())
    script.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "server.log").open("wb")
    process = subprocess.Popen(
        [str(script), str(port)],
        env={**os.environ, "PYTHON": sys.executable},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at its start"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"{url} did not answer within {START_LIMIT_S} s")


@pytest.mark.slow
def test_a_candidate_is_registered_on_a_server_and_its_evidence_comes_back(
    server: str, tmp_path: Path
) -> None:
    workspace = write_build_tree(tmp_path / "checkout")
    store = connect(Settings(mlflow_tracking_uri=server), workspace.root)
    candidate = Candidate(
        digest="a" * 64,
        model_name="voice-test",
        workspace=workspace,
        data_version="0123456789abcdef0123456789abcdef.dir",
        checkpoints=read_json(workspace.stage_dir("evaluate") / "checkpoints.json"),
        params={"train": {"seed": 1}},
    )
    version = project(store, candidate)
    assert project(store, candidate).version == version.version == 1
    (found,) = versions(store, "voice-test")
    evidence = read_json(download_evidence(store, found.parent_run_id, tmp_path / "fetched"))
    assert evidence["consent_scope"] == "evaluation"
    assert not (workspace.root / ".voxgate" / "mlflow").exists()
