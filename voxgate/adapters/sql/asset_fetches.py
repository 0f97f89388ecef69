"""Which stored files were fetched, in the ledger's database: a row a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_schema import ASSET_FETCHES
from voxgate.serving.jobs.fetches import Fetched

__all__ = ["SqlFetchLog"]

_IDS_AT_ONCE = 1000
_ADD = sa.text(
    """
INSERT INTO asset_fetches (asset_id, first_at_s, last_at_s, times)
VALUES (:asset_id, :first_at_s, :last_at_s, :times)
ON CONFLICT (asset_id) DO UPDATE SET
    first_at_s = CASE WHEN excluded.first_at_s < asset_fetches.first_at_s
        THEN excluded.first_at_s ELSE asset_fetches.first_at_s END,
    last_at_s = CASE WHEN excluded.last_at_s > asset_fetches.last_at_s
        THEN excluded.last_at_s ELSE asset_fetches.last_at_s END,
    times = asset_fetches.times + excluded.times"""
)


class SqlFetchLog:
    """Implements `FetchLog`; safe to use from several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, fetched: Mapping[str, Fetched]) -> None:
        """Add to what is known of each file; see `FetchLog.add`."""
        rows = [
            {
                "asset_id": asset_id,
                "first_at_s": each.first_at.timestamp(),
                "last_at_s": each.last_at.timestamp(),
                "times": each.times,
            }
            for asset_id, each in sorted(fetched.items())
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(_ADD, rows)

    def fetches(self, asset_ids: Sequence[str]) -> Mapping[str, Fetched]:
        """Return what is known of the files; see `FetchLog.fetches`."""
        found: dict[str, Fetched] = {}
        with self._database.reading() as connection:
            for start in range(0, len(asset_ids), _IDS_AT_ONCE):
                part = asset_ids[start : start + _IDS_AT_ONCE]
                query = sa.select(ASSET_FETCHES).where(ASSET_FETCHES.c.asset_id.in_(part))
                for row in connection.execute(query):
                    found[row.asset_id] = Fetched(
                        first_at=datetime.fromtimestamp(row.first_at_s, UTC),
                        last_at=datetime.fromtimestamp(row.last_at_s, UTC),
                        times=row.times,
                    )
        return found
