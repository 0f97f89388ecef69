"""A checkout that was moved finds its artifacts, and leaves the old folder alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.memory import memory_folder
from voxgate.adapters.mlflow.relocation import relocate
from voxgate.adapters.mlflow.runs import log_voice
from voxgate.adapters.mlflow.store import MlflowStore, connect, log_folder
from voxgate.settings import Settings
from voxgate.stage import Workspace


def fill(root: Path) -> tuple[str, str]:
    """Make a store with a run, a logged model and a version; return the run and the version."""
    import mlflow

    package = root / "build" / "step-1"
    package.mkdir(parents=True, exist_ok=True)
    (package / "voice.json").write_text("{}")
    store = connect(Settings(), root)
    with mlflow.start_run(experiment_id=store.experiment_id) as run:
        log_folder(store, run.info.run_id, package, "evidence")
        model = log_voice(package, [], step=1, data_version="d")
    registered = mlflow.register_model(f"models:/{model}", "voice", await_registration_for=None)
    mlflow.register_model(run.info.artifact_uri, "bare", await_registration_for=None)
    return run.info.run_id, str(registered.version)


def places(root: Path) -> set[str]:
    """Return every text of the database that names the folder of artifacts."""
    found = set()
    with closing(sqlite3.connect(Workspace(root).mlflow_database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found |= {str(value) for value in row if "/.voxgate/mlflow/" in str(value)}
    return found


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Path, str, str]]:
    # In a process of its own: MLflow keeps connections to the databases that it has opened.
    code = f"import sys, json; from pathlib import Path; from {__name__} import fill\n"
    code += "print(json.dumps(fill(Path(sys.argv[1]))))"
    with memory_folder() as folder:
        root = folder / "a 'b'#%41"
        done = subprocess.run(
            [sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True
        )
        run_id, version = json.loads(done.stdout.splitlines()[-1])
        yield root, run_id, version


@pytest.fixture
def moved(made: tuple[Path, str, str], tmp_path: Path) -> Path:
    """Return a copy; to the database a copy is what a moved checkout is."""
    shutil.copytree(made[0], tmp_path / "new place")
    return tmp_path / "new place"


def download(store: MlflowStore, uri: str, to: Path) -> Path:
    import mlflow

    assert mlflow.get_tracking_uri() == store.tracking_uri
    return Path(mlflow.artifacts.download_artifacts(uri, dst_path=str(to)))


def test_old_artifacts_are_found_and_new_ones_stay_out_of_the_old_folder(
    made: tuple[Path, str, str], moved: Path, tmp_path: Path
) -> None:
    old, run_id, version = made
    before = sorted(path for path in old.rglob("*") if path.is_file())
    hidden = old.with_name("gone")
    old.rename(hidden)
    try:
        store = connect(Settings(), moved)
        assert [f.path for f in store.client.list_artifacts(run_id, "evidence")] == [
            "evidence/voice.json"
        ]
        for uri in (f"runs:/{run_id}/evidence", f"models:/voice/{version}", "models:/bare/1"):
            assert list(download(store, uri, tmp_path / "down").rglob("voice.json")), uri
        fill(moved)
        log_folder(store, run_id, moved / "build" / "step-1", "more")
        assert not old.exists()
    finally:
        hidden.rename(old)
    assert sorted(path for path in old.rglob("*") if path.is_file()) == before


def test_every_place_that_the_database_names_is_the_new_one(moved: Path) -> None:
    before = len(places(moved))
    assert before
    connect(Settings(), moved)
    assert len(places(moved)) == before
    assert all(text.startswith((moved / ".voxgate").as_uri()) for text in places(moved))


def test_nothing_is_written_where_nothing_moved(moved: Path) -> None:
    workspace = Workspace(moved)
    assert relocate(workspace) > 0
    with closing(sqlite3.connect(workspace.mlflow_database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # would make any writer wait
        assert relocate(workspace) == 0


def test_artifacts_that_lie_elsewhere_stay_there(moved: Path) -> None:
    database = Workspace(moved).mlflow_database
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE runs SET artifact_uri = 's3://bucket/.voxgate/mlflow/artifacts'")
        connection.commit()
    relocate(Workspace(moved))
    assert "s3://bucket/.voxgate/mlflow/artifacts" in places(moved)


def test_a_store_that_is_not_there_yet_has_nothing_to_relocate(tmp_path: Path) -> None:
    assert relocate(Workspace(tmp_path)) == 0
    assert not (tmp_path / ".voxgate").exists()
