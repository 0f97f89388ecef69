from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tests.fakes.memory import memory_folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def ledger_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the URL of an empty database: SQLite always, PostgreSQL with the slow tests."""
    if request.param == "sqlite":
        with memory_folder() as folder:
            yield f"sqlite:///{folder}/ledger.db"
        return
    server = request.getfixturevalue("postgres")
    engine = sa.create_engine(
        server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    name = f"ledger_{os.getpid()}_{datetime.now(UTC).timestamp():.6f}".replace(".", "_")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield f"{server.rpartition('/')[0]}/{name}"
