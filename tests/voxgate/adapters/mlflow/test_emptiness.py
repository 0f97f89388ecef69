"""A registry is empty only where that is certain."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.spoiled_databases import DAMAGED
from voxgate.adapters.mlflow.emptiness import is_empty
from voxgate.adapters.mlflow.store import connect
from voxgate.errors import StorageError
from voxgate.settings import Settings
from voxgate.stage import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a checkout without a registry."""
    return Workspace(tmp_path)


def test_a_registry_that_was_never_opened_is_empty_and_stays_so(workspace: Workspace) -> None:
    assert is_empty(Settings(), workspace)
    assert not workspace.mlflow_database.exists()


def test_it_is_empty_until_the_first_model_is_registered(workspace: Workspace) -> None:
    store = connect(Settings(), workspace.root)
    assert is_empty(Settings(), workspace)
    store.client.create_registered_model("voice")
    assert not is_empty(Settings(), workspace)


def test_of_a_server_or_a_foreign_schema_nothing_is_claimed(workspace: Workspace) -> None:
    assert not is_empty(Settings(mlflow_tracking_uri="http://127.0.0.1:1"), workspace)
    workspace.mlflow_dir.mkdir(parents=True)
    with closing(sqlite3.connect(workspace.mlflow_database)) as database:
        database.execute("CREATE TABLE other (x)")
    assert not is_empty(Settings(), workspace)


def test_a_damaged_registry_is_named(workspace: Workspace) -> None:
    workspace.mlflow_dir.mkdir(parents=True)
    workspace.mlflow_database.write_bytes(DAMAGED)
    with pytest.raises(StorageError, match=r"mlflow\.db"):
        is_empty(Settings(), workspace)
