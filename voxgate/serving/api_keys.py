"""API keys: `vg_ID_SECRET`, of which only the id and a hash of the secret are kept.

The secret has 256 random bits, so one SHA-256 is as good as a slow hash: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, get_args

from voxgate.errors import AccessDeniedError, ConfigError
from voxgate.printable import find_unprintable
from voxgate.serving.requests import Lane

__all__ = [
    "ANONYMOUS",
    "KEEPS_TEXT",
    "PURPOSES",
    "RIGHTS",
    "UNCACHED",
    "ApiKey",
    "KeyClass",
    "KeyStore",
    "Purpose",
    "authenticate",
    "hash_secret",
    "issue_key",
    "require_right",
    "token_parts",
]

Purpose = Literal["evaluation", "internal", "publication"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
"""What speech is for, as consent records name it."""

ANONYMOUS = "anonymous"
"""Stands where a key's id would, for who needs none on this machine; no key has this id."""

KEEPS_TEXT = "audit:text"
"""The right by which the audit keeps what was said, and not only its digest."""

UNCACHED = "cache:none"
"""Leaves what is made for the key out of the cache, in memory and on disk. It may still be answered
from there: what lies there was asked for by somebody else too."""

RIGHTS = ("speak", "jobs", "campaigns", "profiles:write", "recall", "metrics", KEEPS_TEXT, UNCACHED)

_TOKEN = re.compile(r"vg_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH = 12
_SECRET_BYTES = 32
_LONGEST_LABEL = 80


class KeyClass(StrEnum):
    """How soon a key's requests are answered."""

    REAL_TIME = "real-time"
    INTERACTIVE = "interactive"
    BATCH = "batch"

    @property
    def lane(self) -> Lane:
        """Return the lane that requests of this class take."""
        return Lane.BATCH if self is KeyClass.BATCH else Lane.REAL_TIME


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What is kept of a key. `label` says whose it is; times are UTC.

    `per_minute` bounds how often it asks and `concurrency` how much of it is in flight at once.
    """

    key_id: str
    secret_sha256: str
    label: str
    key_class: KeyClass
    rights: frozenset[str]
    purpose: Purpose
    per_minute: int
    concurrency: int
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Tell whether the key opens anything at this time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyStore(Protocol):
    """Where keys are kept."""

    def add(self, key: ApiKey) -> None:
        """Keep a new key.

        Raises:
            LedgerError, StorageError, ExternalServiceError: nothing was kept.
        """
        ...

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key of this id, revoked ones too; None when there is none."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """Return every key, oldest first."""
        ...

    def revoke(self, key_id: str, *, at: datetime) -> bool:
        """Close a key for good; False when there is none or it is closed already."""
        ...


def issue_key(
    label: str,
    *,
    key_class: KeyClass,
    rights: Iterable[str],
    purpose: Purpose,
    per_minute: int,
    concurrency: int,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; returns what is kept, and the token, which cannot be had again.

    Raises:
        ConfigError: names every value that is out of range.
    """
    wanted = frozenset(rights)
    _require_sound(label, wanted, per_minute=per_minute, concurrency=concurrency)
    if expires_at is not None and expires_at <= now:
        raise ConfigError("key", [f"expires: {expires_at.isoformat()} is over already"])
    key_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        key_id=key_id,
        secret_sha256=hash_secret(secret),
        label=label,
        key_class=key_class,
        rights=wanted,
        purpose=purpose,
        per_minute=per_minute,
        concurrency=concurrency,
        created_at=now,
        expires_at=expires_at,
    )
    return key, f"vg_{key_id}_{secret}"


def hash_secret(secret: str) -> str:
    """Return the hash that is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_parts(token: str) -> tuple[str, str] | None:
    """Return id and secret of a token; None when it is no key of voxgate."""
    found = _TOKEN.fullmatch(token)
    return None if found is None else (found[1], found[2])


def authenticate(key: ApiKey | None, secret: str, *, now: datetime) -> ApiKey:
    """Return `key` if the secret is its own and it is valid now.

    An unknown id (None) takes the same comparison, and every refusal reads the same: neither time
    nor words tell which ids exist.

    Raises:
        AccessDeniedError: with `known` false.
    """
    kept = hash_secret("") if key is None else key.secret_sha256
    same = hmac.compare_digest(kept, hash_secret(secret))
    if key is None or not same or not key.is_valid(now):
        raise AccessDeniedError(
            "the key is unknown, expired or revoked; ask the one who runs this server for another",
            known=False,
        )
    return key


def require_right(rights: frozenset[str], right: str) -> None:
    """Stop a caller who lacks a right.

    Raises:
        AccessDeniedError: with `known` true; names the right.
    """
    if right not in rights:
        raise AccessDeniedError(f"this key lacks the right {right!r}", known=True)


def _require_sound(
    label: str, rights: frozenset[str], *, per_minute: int, concurrency: int
) -> None:
    faults = []
    if not label.strip() or len(label) > _LONGEST_LABEL or find_unprintable(label):
        faults.append(f"label: expected 1 to {_LONGEST_LABEL} printable characters")
    unknown = sorted(rights - set(RIGHTS))
    if unknown or not rights:
        faults.append(f"rights: {', '.join(unknown) or 'none'}; there are: {', '.join(RIGHTS)}")
    faults += [
        f"{name}: expected at least 1, got {value}"
        for name, value in (("per_minute", per_minute), ("concurrency", concurrency))
        if value < 1
    ]
    if faults:
        raise ConfigError("key", faults)
