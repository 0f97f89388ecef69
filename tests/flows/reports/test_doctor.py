"""The doctor looks at everything, whatever is broken, and says what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from flows.reports.doctor import Finding, examine
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.release_site import ROOT
from voxgate.stage import Workspace


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = copy_checkout(tmp_path / "checkout")
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, root)
    return root


def findings(root: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(root)}


def test_a_sound_checkout_has_no_finding_about_its_stores(checkout: Path) -> None:
    found = findings(checkout)
    stores = "configuration", "data", "MLflow", "ledger", "Prefect", "run lock"
    assert [name for name in stores if not found[name].healthy] == []


def test_a_damaged_database_of_prefect_is_found(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Workspace(checkout).prefect_dir
    monkeypatch.setenv("PREFECT_HOME", str(home))
    home.mkdir(parents=True)
    (home / "prefect.db").write_text("no database " * 50)
    found = findings(checkout)["Prefect"]
    assert not found.healthy
    assert "prefect.db" in found.observed


def test_a_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    found = findings(tmp_path / "nowhere")
    assert not found["disk"].healthy
    assert not found["configuration"].healthy


def test_what_the_operating_system_refuses_is_a_finding(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", str(checkout / ".voxgate"))

    monkeypatch.setattr("flows.reports.doctor.checkout_lease", refuse)
    found = findings(checkout)["run lock"]
    assert not found.healthy
    assert "Permission denied" in found.observed


def test_a_machine_without_git_is_a_finding(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert "git is not installed" in findings(checkout)["data"].observed


def test_a_bert_that_is_pinned_and_not_imported_is_a_finding(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "weights bert" not in findings(checkout)
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path / "store"))
    params = checkout / "params.yaml"
    pin = f"featurize:\n  text_features_sha256: {'b' * 64}\n"
    params.write_text(params.read_text().replace("featurize:\n", pin))
    found = findings(checkout)["weights bert"]
    assert not found.healthy
    assert "voxgate weights import chinese-roberta-wwm-ext-large" in found.observed + found.advice
