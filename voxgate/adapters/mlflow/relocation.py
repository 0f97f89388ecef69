"""Bring the places that MLflow has stored up to date after a checkout was moved.

MLflow stores absolute addresses of artifacts with every experiment, run, model and version. In a
checkout that was moved or copied they lead to the old folder: its artifacts look lost, and new ones
would be written there. What lies in `.voxgate/mlflow` belongs to the database beside it, wherever
that is, so whatever ends in that folder is led to the one that is here.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing

from voxgate.stage import Workspace

__all__ = ["relocate"]

_PLACES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
# `file://…/.voxgate/mlflow/artifacts`, alone or with something below it, and not the one here.
# A slash at the end of both sides keeps `artifacts-of-others` apart.
_ELSEWHERE = """
{column} LIKE 'file:%'
AND instr({column} || '/', :folder || '/') > 0
AND substr({column}, 1, instr({column}, :folder) + length(:folder) - 1) <> :here"""
_MOVE = """
UPDATE {table}
SET {column} = :here || substr({column}, instr({column}, :folder) + length(:folder))
WHERE """

_LOG = logging.getLogger(__name__)


def relocate(workspace: Workspace) -> int:
    """Lead every stored address of this checkout's artifacts to where they are; return how many.

    One transaction; without anything to do, the database is only read.

    Raises:
        sqlite3.Error: the database cannot be read or written.
    """
    if not workspace.mlflow_database.is_file():
        return 0
    here = workspace.mlflow_artifacts.resolve().as_uri()
    folder = "/" + workspace.mlflow_artifacts.relative_to(workspace.root).as_posix()
    values = {"here": here, "folder": folder}
    address = f"{workspace.mlflow_database.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
        places = [place for place in _PLACES if _moved(database, place, values)]
        if not places:
            return 0
        database.execute("BEGIN IMMEDIATE")
        count = 0
        for table, column in places:
            statement = f"{_MOVE}{_ELSEWHERE}".format(table=table, column=column)
            count += database.execute(statement, values).rowcount
        database.execute("COMMIT")
    _LOG.warning("this checkout was moved: %d addresses of artifacts now lead to %s", count, here)
    return count


def _moved(database: sqlite3.Connection, place: tuple[str, str], values: dict[str, str]) -> bool:
    table, column = place
    columns = database.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    if (column,) not in columns:
        return False  # a store that MLflow has not filled yet
    query = f"SELECT 1 FROM {table} WHERE {_ELSEWHERE} LIMIT 1"  # noqa: S608  # names from above
    return database.execute(query.format(column=column), values).fetchone() is not None
