"""What is read of the embedded store without MLflow is what MLflow says of it, or nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tasks.release.approve import approve
from tests.fakes.release_site import ReleaseSite
from tests.fakes.spoiled_databases import DAMAGED
from voxgate.adapters.mlflow.embedded import EmbeddedRegistry, read_embedded, read_store
from voxgate.adapters.mlflow.release_registry import open_registry
from voxgate.adapters.mlflow.store import connect
from voxgate.clock import utc_now
from voxgate.errors import StorageError
from voxgate.settings import Settings
from voxgate.stage import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a checkout without a registry."""
    return Workspace(tmp_path)


def _read(site: ReleaseSite) -> EmbeddedRegistry:
    seen = read_store(Path(site.mlflow_uri.removeprefix("sqlite:///")), site.desk.model)
    assert seen is not None
    return seen


def _same(site: ReleaseSite) -> list[str]:
    """Hold both views of the registry against each other; returns the codes of the differences."""
    desk, seen, opened = site.desk, _read(site), site.desk.connect()
    assert seen.shown(desk.model) == opened.shown(desk.model)
    now = utc_now()
    found = seen.examine(desk.ledger, desk.model, now=now)
    assert found == opened.examine(desk.ledger, desk.model, now=now)
    files = seen.examine_files(desk.ledger, desk.model)
    assert files == opened.examine_files(desk.ledger, desk.model)
    return [drift.code for drift in (*found, *files)]


def _client(site: ReleaseSite) -> Any:
    return site.desk.connect().client  # type: ignore[attr-defined]  # MLflow's, behind the port


def _release(site: ReleaseSite, number: int) -> int:
    version = site.offer(number)
    approve(site.desk, version, by="anna", reason="sounds right")
    return version


def test_a_model_that_was_never_registered_is_not_there(release_site: ReleaseSite) -> None:
    assert _same(release_site) == []
    assert not _read(release_site).shown(release_site.desk.model).exists


def test_versions_tags_aliases_and_the_head_are_those_that_mlflow_says(
    release_site: ReleaseSite,
) -> None:
    one, two = _release(release_site, 1), _release(release_site, 2)
    assert _same(release_site) == []
    shown = _read(release_site).shown(release_site.desk.model)
    assert shown.aliases == {"champion": two, "previous": one}
    assert shown.head is not None


def test_what_somebody_did_by_hand_is_seen(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1)
    _release(release_site, 2)
    desk = release_site.desk
    client = _client(release_site)
    client.set_registered_model_alias(desk.model, "champion", str(one))
    client.set_registered_model_alias(desk.model, "Gold", str(one))
    client.set_model_version_tag(desk.model, str(one), "voxgate.verdict", "better")
    assert _same(release_site) == ["alias_wrong_case", "alias_moved", "tag_differs"]


def test_deleted_versions_and_their_aliases_are_not_there(release_site: ReleaseSite) -> None:
    one, two = _release(release_site, 1), _release(release_site, 2)
    desk = release_site.desk
    client = _client(release_site)
    client.delete_model_version(desk.model, str(one))
    assert _same(release_site) == ["version_lost"]
    client.delete_model_version(desk.model, str(two))
    assert _same(release_site) == ["version_lost", "version_lost"]
    client.rename_registered_model(desk.model, f"elsewhere-{desk.model}")
    assert _same(release_site)[0] == "model_lost"


@pytest.mark.parametrize("spoil", ["other bytes", "no file", "no folder", "no card"])
def test_files_that_are_not_those_that_were_released_are_seen(
    release_site: ReleaseSite, spoil: str
) -> None:
    version = _release(release_site, 1)
    folder = _read(release_site).folders[version]
    (weights,) = folder.rglob("s1.safetensors")
    match spoil:
        case "other bytes":
            weights.write_bytes(b"another voice")
        case "no file":
            weights.unlink()
        case "no folder":
            shutil.rmtree(folder)
        case "no card":
            (weights.parent / "voice.json").unlink()
    assert _same(release_site) == ["files_differ"]


def test_a_package_that_cannot_be_read_is_a_lost_one(release_site: ReleaseSite) -> None:
    version = _release(release_site, 1)
    desk = release_site.desk
    (weights,) = _read(release_site).folders[version].rglob("s1.safetensors")
    weights.unlink()
    weights.symlink_to("/proc/self/mem")  # a file that the system refuses to read, even to root
    (drift,) = _read(release_site).examine_files(desk.ledger, desk.model)
    assert "cannot be used: [Errno 5]" in drift.message


def test_a_registry_that_was_never_opened_shows_nothing_and_is_not_made(
    workspace: Workspace,
) -> None:
    assert read_embedded(Settings(), workspace, "voice") == EmbeddedRegistry(model="voice")
    assert not workspace.mlflow_database.exists()


def test_the_schema_is_that_of_the_mlflow_that_is_installed(workspace: Workspace) -> None:
    connect(Settings(), workspace.root)
    assert read_embedded(Settings(), workspace, "voice") == EmbeddedRegistry(model="voice")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = 'another'",
        "DELETE FROM alembic_version",
        "DROP TABLE model_version_tags",
        "UPDATE registered_models SET workspace = 'of-others'",
        "UPDATE model_versions SET storage_location = 's3://elsewhere/voice'",
        "UPDATE model_versions SET storage_location = NULL, source = NULL",
    ],
)
def test_of_what_only_mlflow_knows_nothing_is_claimed(workspace: Workspace, change: str) -> None:
    client = connect(Settings(), workspace.root).client
    client.create_registered_model("voice")
    client.create_model_version("voice", workspace.root.as_uri())
    client.create_registered_model("other")
    client.create_model_version("other", "what is no address of a folder")
    seen = read_embedded(Settings(), workspace, "voice")
    assert seen is not None
    assert list(seen.shown("voice").versions) == [1]
    with closing(sqlite3.connect(workspace.mlflow_database)) as database, database:
        database.execute(change)
    assert read_embedded(Settings(), workspace, "voice") is None


def test_an_alias_of_a_version_that_is_not_there_is_left_out_as_mlflow_does(
    workspace: Workspace,
) -> None:
    client = connect(Settings(), workspace.root).client
    client.create_registered_model("voice")
    client.create_model_version("voice", workspace.root.as_uri())
    with closing(sqlite3.connect(workspace.mlflow_database)) as database, database:
        database.execute(
            "INSERT INTO registered_model_aliases (alias, version, name) "
            "VALUES ('champion', 7, 'voice'), ('gold', 1, 'voice')"
        )
    seen = read_embedded(Settings(), workspace, "voice")
    assert seen is not None
    assert seen.shown("voice").aliases == {"gold": 1}
    assert seen.shown("voice") == open_registry(Settings(), workspace.root).shown("voice")


def test_of_a_server_nothing_is_claimed(workspace: Workspace) -> None:
    assert (
        read_embedded(Settings(mlflow_tracking_uri="http://127.0.0.1:1"), workspace, "voice")
        is None
    )


def test_in_a_checkout_that_was_copied_its_own_files_are_looked_at(tmp_path: Path) -> None:
    old, new = Workspace(tmp_path / "a #%41"), Workspace(tmp_path / "b #%41")
    client = connect(Settings(), old.root).client
    client.create_registered_model("voice")
    client.create_model_version("voice", f"{old.mlflow_artifacts.as_uri()}/models/m-1/artifacts")
    shutil.copytree(old.root, new.root)
    seen = read_embedded(Settings(), new, "voice")
    assert seen is not None
    assert seen.folders == {1: new.mlflow_artifacts / "models" / "m-1" / "artifacts"}


def test_a_damaged_registry_is_named(workspace: Workspace) -> None:
    workspace.mlflow_dir.mkdir(parents=True)
    workspace.mlflow_database.write_bytes(DAMAGED)
    with pytest.raises(StorageError, match=r"mlflow\.db"):
        read_embedded(Settings(), workspace, "voice")
