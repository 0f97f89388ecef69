"""Keys in a real database: SQLite always, PostgreSQL with the slow tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from voxgate.adapters.sql.api_keys import SqlKeys
from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_schema import API_KEYS
from voxgate.errors import LedgerError
from voxgate.serving.api_keys import ApiKey, KeyClass, issue_key, token_parts

NOW = datetime(2027, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


@pytest.fixture
def database(ledger_url: str) -> Database:
    return Database(sa.make_url(ledger_url.replace("postgresql:", "postgresql+psycopg:")))


def issue(label: str, later_s: int = 0) -> tuple[ApiKey, str]:
    return issue_key(
        label,
        key_class=KeyClass.BATCH,
        rights=["speak", "profiles:write"],
        purpose="publication",
        per_minute=60,
        concurrency=2,
        now=NOW + timedelta(seconds=later_s),
        expires_at=NOW + timedelta(days=30),
    )


def test_a_key_is_found_as_it_was_added(database: Database) -> None:
    keys = SqlKeys(database)
    key, _ = issue("the shop")
    keys.add(key)
    assert SqlKeys(database).find(key.key_id) == key
    assert keys.find("nobody") is None


def test_keys_are_listed_oldest_first(database: Database) -> None:
    keys = SqlKeys(database)
    young, old = issue("young", later_s=9)[0], issue("old")[0]
    for key in (young, old):
        keys.add(key)
    assert list(keys.all()) == [old, young]


def test_a_key_is_revoked_once(database: Database) -> None:
    keys = SqlKeys(database)
    key, _ = issue("the shop")
    keys.add(key)
    assert keys.revoke(key.key_id, at=NOW)
    assert not keys.revoke(key.key_id, at=NOW + timedelta(days=1))
    assert not keys.revoke("nobody", at=NOW)
    assert keys.find(key.key_id) == replace(key, revoked_at=NOW)


def test_no_column_holds_the_secret(database: Database) -> None:
    key, token = issue("the shop")
    SqlKeys(database).add(key)
    _, secret = token_parts(token) or ("", "")
    with database.reading() as connection:
        row = connection.execute(sa.select(API_KEYS)).one()
    assert secret
    assert secret not in " ".join(map(str, row))


def test_an_id_is_given_once(database: Database) -> None:
    keys = SqlKeys(database)
    key, _ = issue("the shop")
    keys.add(key)
    with pytest.raises(LedgerError):
        keys.add(replace(key, secret_sha256="0" * 64))
