"""The ledger of a checkout, copied from its SQLite file into an empty PostgreSQL.

`voxgate restore` goes from one kind of database to the same kind only; for a measurement the rows
are copied as they are. Nothing is computed anew, so the hash chains hold there too.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.dialects.postgresql import insert

from voxgate.adapters.sql.database import open_database
from voxgate.settings import Settings

__all__ = ["copy_ledger"]


def copy_ledger(root: Path, url: str) -> int:
    """Copy all rows of the checkout's own ledger; returns how many there are.

    Raises:
        LedgerError, ExternalServiceError: one of them cannot be used.
    """
    source = open_database(Settings(ledger_url=None), root)
    target = open_database(Settings(ledger_url=SecretStr(url)), root)
    copied = 0
    with source.reading() as reading, target.writing() as writing:
        tables = sa.MetaData()
        tables.reflect(writing)
        for table in tables.sorted_tables:
            rows = [dict(row) for row in reading.execute(sa.select(table)).mappings()]
            if rows:  # what the schema itself put in is there already
                writing.execute(insert(table).on_conflict_do_nothing(), rows)
            copied += len(rows)
    return copied
