from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import Database, open_database
from voxgate.settings import Settings

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def database(ledger_url: str) -> Database:
    return open_database(Settings(ledger_url=SecretStr(ledger_url)), Path())


@pytest.fixture
def store(database: Database) -> SqlCampaignStore:
    return SqlCampaignStore(database, clock=lambda: NOW)


@pytest.fixture
def age(database: Database) -> Callable[[float], None]:
    """Return what lets time pass, for every lease."""

    def pass_time(seconds: float) -> None:
        with database.writing() as connection:
            for table in ("campaign_sentences", "campaign_renders"):
                moved = f"UPDATE {table} SET due_at_s = due_at_s - :seconds"
                connection.execute(sa.text(moved), {"seconds": seconds})

    return pass_time
