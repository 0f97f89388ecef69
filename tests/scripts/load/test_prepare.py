from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.load.prepare import prepare
from scripts.load.target import LoadError, ServeSite
from tests.fakes.release_site import ROOT, ReleaseSite


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="exists; name a new folder"):
        prepare(tmp_path, tmp_path)


def test_a_run_that_is_not_finished_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no ledger"):
        prepare(tmp_path, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.slow
def test_a_copy_has_a_live_version_and_two_profiles(tmp_path: Path) -> None:
    source = tmp_path / "run"
    (source / ".voxgate" / "mlflow").mkdir(parents=True)
    (source / "benchmark").symlink_to(ROOT / "benchmark")
    mlflow_uri = f"sqlite:///{source}/.voxgate/mlflow/mlflow.db"
    version = ReleaseSite.create(source, mlflow_uri).offer(1)
    assert prepare(source, tmp_path / "copy") == version
    copy = ServeSite(root=tmp_path / "copy")
    assert json.loads(copy.run("status", "--json"))["live"]["version"] == version
    assert [one["name"] for one in json.loads(copy.run("speakers", "list", "--json"))] == [
        "michael"
    ]
    assert json.loads(ServeSite(root=source).run("status", "--json"))["live"] is None
