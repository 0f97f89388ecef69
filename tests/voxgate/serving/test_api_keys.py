"""Keys: what is kept of them, and whom they let in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voxgate.errors import AccessDeniedError, ConfigError
from voxgate.serving.api_keys import (
    ApiKey,
    KeyClass,
    authenticate,
    issue_key,
    require_right,
    token_parts,
)
from voxgate.serving.requests import Lane

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def issue(
    label: str = "the shop", *, days: int | None = None, **changes: object
) -> tuple[ApiKey, str]:
    facts: dict[str, object] = {
        "key_class": KeyClass.INTERACTIVE,
        "rights": ["speak"],
        "purpose": "internal",
        "per_minute": 60,
        "concurrency": 2,
        "now": NOW,
        "expires_at": None if days is None else NOW + timedelta(days=days),
    }
    return issue_key(label, **(facts | changes))  # type: ignore[arg-type]


def test_only_a_hash_of_the_secret_is_kept() -> None:
    key, token = issue()
    key_id, secret = token_parts(token) or ("", "")
    assert key_id == key.key_id
    assert secret not in repr(key)
    assert authenticate(key, secret, now=NOW) is key


def test_no_two_keys_are_alike() -> None:
    assert len({issue()[1] for _ in range(50)}) == 50


@pytest.mark.parametrize("case", ["other secret", "unknown", "revoked", "expired"])
def test_every_refusal_reads_the_same(case: str) -> None:
    key, token = issue(days=1)
    _, secret = token_parts(token) or ("", "")
    found: ApiKey | None = key
    now = NOW
    if case == "other secret":
        secret = f"{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}"
    elif case == "unknown":
        found = None
    elif case == "revoked":
        found = replace(key, revoked_at=NOW)
    else:
        now = NOW + timedelta(days=1)
    with pytest.raises(AccessDeniedError, match="unknown, expired or revoked") as refused:
        authenticate(found, secret, now=now)
    assert not refused.value.known


def test_a_key_of_no_id_is_not_opened_by_an_empty_secret() -> None:
    with pytest.raises(AccessDeniedError):
        authenticate(None, "", now=NOW)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "sk-abc",
        "vg_short_x",
        "vg_" + "a" * 12 + "_" + "x" * 44,
        "vg_" + "A" * 12 + "_" + "x" * 43,
    ],
)
def test_other_tokens_are_no_keys(token: str) -> None:
    assert token_parts(token) is None


def test_a_lane_follows_from_the_class() -> None:
    assert {c.value: c.lane for c in KeyClass} == {
        "real-time": Lane.REAL_TIME,
        "interactive": Lane.REAL_TIME,
        "batch": Lane.BATCH,
    }


def test_a_right_that_is_missing_is_named() -> None:
    require_right(frozenset({"speak"}), "speak")
    with pytest.raises(AccessDeniedError, match="'jobs'") as refused:
        require_right(frozenset({"speak"}), "jobs")
    assert refused.value.known


def test_all_faults_of_a_new_key_are_told_together() -> None:
    with pytest.raises(ConfigError) as refused:
        issue("two\nlines", rights=["speak", "fly"], per_minute=0, concurrency=0)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == [
        "label", "rights", "per_minute", "concurrency",
    ]  # fmt: skip


def test_a_key_that_is_over_is_not_made() -> None:
    with pytest.raises(ConfigError, match="over already"):
        issue(days=0)
