"""What was counted in trials, in the ledger's database: a row a writer and share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_schema import TRIAL_TALLIES
from voxgate.clock import utc_now
from voxgate.files import canonical_json
from voxgate.release.trial_tally import Counts, Share, TrialTally

__all__ = ["SqlTallies"]


class SqlTallies:
    """Implements `Tallies`; safe to use from several processes."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def keep(self, writer: str, counts: Mapping[tuple[int, Share], Counts]) -> None:
        """Write a writer's rows; see `Tallies.keep`."""
        at = self._clock().isoformat()
        with self._database.writing() as connection:
            for (trial, share), counted in counts.items():
                key = {"trial": trial, "share": share.value, "writer": writer}
                row = {"counts": canonical_json(counted.as_json()), "at": at}
                mine = [TRIAL_TALLIES.c[name] == value for name, value in key.items()]
                updated = connection.execute(sa.update(TRIAL_TALLIES).where(*mine).values(**row))
                if updated.rowcount == 0:
                    connection.execute(sa.insert(TRIAL_TALLIES).values(**key, **row))

    def read(self, trial: int) -> TrialTally:
        """Add up all writers; see `Tallies.read`."""
        query = sa.select(TRIAL_TALLIES.c.share, TRIAL_TALLIES.c.counts)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(TRIAL_TALLIES.c.trial == trial)).all()
        return TrialTally.sum(
            (Share(row.share), Counts.from_json(json.loads(row.counts))) for row in rows
        )
