"""API keys in the ledger's database: hashes of secrets, never secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_schema import API_KEYS
from voxgate.serving.api_keys import ApiKey, KeyClass

__all__ = ["SqlKeys"]


class SqlKeys:
    """The keys of one database; implements `KeyStore`. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: ApiKey) -> None:
        """Keep a new key; see `KeyStore.add`."""
        with self._database.writing() as connection:
            connection.execute(sa.insert(API_KEYS).values(**_row(key)))

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key of this id, revoked ones too; None when there is none."""
        with self._database.reading() as connection:
            query = sa.select(API_KEYS).where(API_KEYS.c.key_id == key_id)
            row = connection.execute(query).one_or_none()
        return None if row is None else _key(row)

    def all(self) -> Sequence[ApiKey]:
        """Return every key, oldest first."""
        with self._database.reading() as connection:
            query = sa.select(API_KEYS).order_by(API_KEYS.c.created_at, API_KEYS.c.key_id)
            rows = connection.execute(query).all()
        return [_key(row) for row in rows]

    def revoke(self, key_id: str, *, at: datetime) -> bool:
        """Close a key for good; False when there is none or it is closed already."""
        open_one = (API_KEYS.c.key_id == key_id) & API_KEYS.c.revoked_at.is_(None)
        with self._database.writing() as connection:
            query = sa.update(API_KEYS).where(open_one).values(revoked_at=at.isoformat())
            return bool(connection.execute(query).rowcount)


def _row(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "secret_sha256": key.secret_sha256,
        "label": key.label,
        "key_class": key.key_class.value,
        "rights": " ".join(sorted(key.rights)),
        "purpose": key.purpose,
        "per_minute": key.per_minute,
        "concurrency": key.concurrency,
        "created_at": key.created_at.isoformat(),
        "expires_at": None if key.expires_at is None else key.expires_at.isoformat(),
        "revoked_at": None if key.revoked_at is None else key.revoked_at.isoformat(),
    }


def _key(row: Any) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        secret_sha256=row.secret_sha256,
        label=row.label,
        key_class=KeyClass(row.key_class),
        rights=frozenset(row.rights.split()),
        purpose=row.purpose,
        per_minute=row.per_minute,
        concurrency=row.concurrency,
        created_at=datetime.fromisoformat(row.created_at),
        expires_at=_time(row.expires_at),
        revoked_at=_time(row.revoked_at),
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
