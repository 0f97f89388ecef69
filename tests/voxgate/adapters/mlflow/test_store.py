"""The embedded store: what is wrong with its file is one typed sentence, never a traceback."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.spoiled_databases import as_folder, damage, write_prose
from voxgate import sqlite_file
from voxgate.adapters.mlflow.runs import log_voice
from voxgate.adapters.mlflow.store import connect, log_folder, reporting_outages
from voxgate.errors import ExternalServiceError, RegistryError, StorageError, VoxgateError
from voxgate.settings import Settings
from voxgate.stage import Workspace


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    with memory_folder() as folder:
        connect(Settings(), folder)
        yield folder


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "checkout")
    return Workspace(tmp_path / "checkout").mlflow_database


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of_the_future'")
        connection.commit()


def damage_inside(path: Path) -> None:
    # Every page but the first, which has the schema.
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [damage, write_prose, as_folder, newer, damage_inside])
def test_a_database_that_cannot_be_used_is_named_with_a_remedy(
    database: Path, spoil: Callable[[Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(database)
    with pytest.raises(VoxgateError) as caught:
        connect(Settings(), database.parents[2])
    message = str(caught.value)
    assert str(database) in message
    assert "backup" in message
    assert "\n" not in message
    assert "VOXGATE_MLFLOW_TRACKING_URI" not in message
    assert "Traceback" not in capfd.readouterr().err


def test_a_locked_database_is_worth_another_try(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "PATIENCE_S", 0.1)
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as other,
        pytest.raises(ExternalServiceError, match="locked by another process"),
    ):
        other.execute("BEGIN EXCLUSIVE")
        connect(Settings(), database.parents[2])


def test_a_place_that_cannot_be_written_to_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / ".voxgate").touch()
    with pytest.raises(StorageError, match=r"\.voxgate/mlflow"):
        connect(Settings(), tmp_path)


def test_a_fault_of_the_database_while_it_is_used_is_typed(
    database: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = connect(Settings(), database.parents[2])
    damage_inside(database)
    with (
        pytest.raises((ExternalServiceError, RegistryError, StorageError)),
        reporting_outages(store.tracking_uri),
    ):
        store.client.search_registered_models()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("name", ["a b", "a#b", "50%", "a%41b", "aé 日'b", "[1]*x~!@=+,()&;:"])
def test_what_is_logged_is_found_again_whatever_the_checkout_is_called(
    template: Path, tmp_path: Path, name: str
) -> None:
    import mlflow

    root = tmp_path / name
    shutil.copytree(template, root)
    package = root / "build" / "step-1"
    package.mkdir(parents=True)
    (package / "voice.json").write_text("{}")
    store = connect(Settings(), root)
    with mlflow.start_run(experiment_id=store.experiment_id) as run:
        log_folder(store, run.info.run_id, package, "evidence")
        model = log_voice(package, [], step=1, data_version="d")
    for uri in (f"runs:/{run.info.run_id}/evidence", f"models:/{model}"):
        local = Path(mlflow.artifacts.download_artifacts(uri, dst_path=str(tmp_path / "down")))
        assert list(local.rglob("voice.json")), uri
    assert {path.name for path in tmp_path.iterdir()} == {name, "down"}
