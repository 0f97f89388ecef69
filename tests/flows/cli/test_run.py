from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from flows.reports import doctor
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.dvc_project import Project
from tests.fakes.judged_site import make_judged_site
from tests.fakes.release_site import ROOT, ReleaseSite
from tests.fakes.spoiled_databases import DAMAGED
from voxgate import sqlite_file
from voxgate.errors import ConfigError, DataVersionError, StorageError, VoxgateError
from voxgate.stage import Workspace


def test_the_ui_is_the_checkouts_own_server_with_this_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "mlflow_server" / "start.sh"
    script.parent.mkdir()
    script.touch()
    started: list[tuple[Path, list[str], str]] = []
    monkeypatch.setattr(
        os, "execve", lambda path, words, env: started.append((path, words, env["PYTHON"]))
    )
    result = CliRunner().invoke(app, ["ui", "--root", str(tmp_path), "--port", "5001"])
    assert started == [(script, [str(script), "5001"], sys.executable)]
    assert result.output == "MLflow: http://127.0.0.1:5001 (stop with Ctrl-C)\n"


@pytest.mark.parametrize(("healthy", "status"), [(True, 0), (False, 1)])
def test_the_doctor_exits_1_on_a_problem(
    healthy: bool, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cli.run.prepare_environment", lambda _root: None)
    found = doctor.Finding(name="disk", healthy=healthy, observed="9 GB")
    monkeypatch.setattr(doctor, "examine", lambda _root: [found])
    result = CliRunner().invoke(app, ["doctor", "--root", str(tmp_path), "--json"])
    assert result.exit_code == status
    assert json.loads(result.output) == [found.as_json()]


def test_the_status_names_what_is_live(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cli.run.prepare_environment", lambda _root: None)
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    result = CliRunner().invoke(app, ["status", "--root", str(release_site.root)])
    assert result.exit_code == 0, result.output
    assert "live          nothing" in result.output


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with Git, DVC and registered data; no server and no store was started."""
    root = copy_checkout(tmp_path / "checkout")
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, root)
    (root / "mlflow_server").mkdir()
    (root / "mlflow_server" / "start.sh").touch()
    return root


def ask(*words: str) -> BaseException:
    """Return the error that a command ends with."""
    error = CliRunner().invoke(app, list(words)).exception
    assert error is not None
    return error


@pytest.fixture
def _no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_root: Path) -> None:
        raise AssertionError("Prefect was started before everything else was looked at")

    monkeypatch.setattr("flows.cli.run.prepare_environment", lambda _root: None)
    monkeypatch.setattr("flows.cli.run.prepare_prefect", fail)


RUN = """
import sys
from flows.cli.app import main
sys.argv[1:] = ["run", *sys.argv[1:]]
try:
    main()
finally:
    sys.stderr.write(f"loaded: {sorted({'prefect', 'torch', 'grimp'} & sys.modules.keys())}")
"""


@pytest.mark.slow
def test_an_unchanged_run_loads_neither_prefect_nor_torch_and_says_what_the_flow_would(
    tmp_path: Path, mlflow_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", mlflow_uri)
    root = make_judged_site(tmp_path / "checkout", mlflow_uri).root

    def run(*words: str, status: int = 0) -> str:
        command = [sys.executable, "-c", RUN, "--root", str(root), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == status, done.stderr
        assert done.stderr.endswith("loaded: []")
        return done.stdout

    shown = run()
    assert "computed      nothing: nothing has changed" in shown
    assert "verdict       PASS for version 1" in shown
    answer = json.loads(run("--json"))
    result = {"recomputed": [], "refused_by": None, "version": 1, "verdict": "PASS"}
    assert answer.pop("run") == result
    assert answer == json.loads(
        CliRunner().invoke(app, ["status", "--root", str(root), "--json"]).output
    )
    Project(root).plan("validate", refuse=True)
    Project(root).dvc("repro", "-q")
    assert "refused by validate: few: 3 clips left" in run(status=3)


@pytest.mark.usefixtures("_no_prefect")
@pytest.mark.parametrize("what", ["data", "data.dvc", ".git", "params.yaml"])
def test_a_run_names_what_is_missing_before_prefect_is_started(checkout: Path, what: str) -> None:
    path = checkout / what
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    error = ask("run", "--root", str(checkout))
    assert isinstance(error, (DataVersionError, ConfigError))
    remedies = "voxgate corpus fetch", "git clone", "git checkout params.yaml"
    assert any(remedy in str(error) for remedy in remedies)


@pytest.mark.usefixtures("_no_prefect")
def test_a_run_names_a_wrong_setting_before_prefect_is_started(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_DEVICE", "abacus")
    assert "VOXGATE_DEVICE" in str(ask("run", "--root", str(checkout)))


def test_a_run_names_a_damaged_database_of_prefect_before_it_is_started(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cli.run.prepare_environment", lambda _root: None)
    monkeypatch.setattr("flows.environment.prepare_environment", lambda _root: None)
    home = Workspace(checkout).prefect_dir
    home.mkdir(parents=True)
    (home / "prefect.db").write_bytes(DAMAGED)
    monkeypatch.setenv("PREFECT_HOME", str(home))
    for name in ("PREFECT_API_URL", "PREFECT_API_DATABASE_CONNECTION_URL"):
        monkeypatch.delenv(name, raising=False)
    error = ask("run", "--root", str(checkout))
    assert isinstance(error, StorageError)
    assert "prefect.db" in str(error)


def test_the_ui_names_a_port_that_is_taken(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = ask("ui", "--root", str(checkout), "--port", str(port))
    assert isinstance(error, ConfigError)
    assert f"{port} cannot be used" in str(error)


def test_the_ui_outside_of_a_checkout_says_so(tmp_path: Path) -> None:
    assert "no checkout" in str(ask("ui", "--root", str(tmp_path)))


def lock(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def spoil(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(DAMAGED)


@pytest.mark.parametrize("which", ["ledger", "mlflow"])
@pytest.mark.parametrize("how", ["locked", "damaged", "a folder"])
def test_status_and_doctor_say_what_is_wrong_with_a_database(
    checkout: Path, which: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cli.run.prepare_environment", lambda _root: None)
    monkeypatch.setattr(sqlite_file, "PATIENCE_S", 0.1)
    workspace = Workspace(checkout)
    path = workspace.ledger_file if which == "ledger" else workspace.mlflow_database
    with closing(lock(path) if how == "locked" else sqlite3.connect(":memory:")):
        if how == "damaged":
            spoil(path)
        elif how == "a folder":
            path.mkdir(parents=True)
        status = CliRunner().invoke(app, ["status", "--root", str(checkout)])
        doctor_ = CliRunner().invoke(app, ["doctor", "--root", str(checkout), "--json"])
    said = f"{status.output}{status.exception or ''}"
    assert str(path) in said
    assert status.exception is None or isinstance(status.exception, VoxgateError | SystemExit)
    findings = {finding["name"]: finding for finding in json.loads(doctor_.output)}
    finding = findings["ledger" if which == "ledger" else "MLflow"]
    assert not finding["healthy"]
    assert str(path) in finding["observed"]


def test_the_ui_is_not_started_on_a_damaged_store(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cli.run._require_free", lambda _port: None)
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("the server was started"))
    spoil(Workspace(checkout).mlflow_database)
    assert "mlflow.db" in str(ask("ui", "--root", str(checkout)))


def test_the_status_names_a_damaged_report(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.cli.run.prepare_environment", lambda _root: None)
    report = Workspace(checkout).stage_dir("validate") / "report.json"
    report.parent.mkdir(parents=True)
    report.write_text('{"half": ')
    error = ask("status", "--root", str(checkout))
    assert isinstance(error, VoxgateError)
    assert str(report) in str(error)
