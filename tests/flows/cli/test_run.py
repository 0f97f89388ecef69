from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from flows.reports import doctor
from tests.fakes.release_site import ReleaseSite


def test_the_ui_is_the_checkouts_own_server_with_this_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Path, list[str], str]] = []
    monkeypatch.setattr(
        os, "execve", lambda path, words, env: started.append((path, words, env["PYTHON"]))
    )
    result = CliRunner().invoke(app, ["ui", "--root", str(tmp_path), "--port", "5001"])
    script = tmp_path / "mlflow_server" / "start.sh"
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
