from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from scripts.load.ledger_copy import copy_ledger
from scripts.load.services import PostgresService, RedisService
from tests.fakes.postgres import postgres_tools
from tests.fakes.release_site import ReleaseSite
from voxgate.settings import Settings
from voxgate.wiring.release import open_ledger


@pytest.mark.slow
def test_a_copied_ledger_says_the_same_and_its_chain_holds(
    release_site: ReleaseSite, postgres: str
) -> None:
    release_site.offer(1)
    assert copy_ledger(release_site.root, postgres) > 2
    there = open_ledger(Settings(ledger_url=SecretStr(postgres)), release_site.root)
    assert there.read(release_site.desk.model) == release_site.desk.ledger.read(
        release_site.desk.model
    )


@pytest.mark.slow
def test_a_database_that_was_stopped_has_what_was_committed(tmp_path: Path) -> None:
    postgres_tools()  # skips where there is none
    database = PostgresService()
    try:
        database.start()
        count = copy_ledger(tmp_path, database.url)
        database.stop()
        database.start()
        assert copy_ledger(tmp_path, database.url) == count > 0
    finally:
        database.remove()


@pytest.mark.slow
def test_redis_is_empty_at_each_start() -> None:
    import redis

    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    service = RedisService()
    try:
        service.start()
        with redis.Redis.from_url(service.url) as client:
            client.set("kept", "no")
        service.stop()
        service.start()
        with redis.Redis.from_url(service.url) as client:
            assert client.get("kept") is None
    finally:
        service.stop()
