from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from flows.reports.outbox import delivery_as_json, describe_delivery
from voxgate.release.notices import Notice
from voxgate.release.ports.outbox import Delivery

NOTICE = Notice(key="voice.3", at=datetime(2026, 11, 2, tzinfo=UTC), subject="live", text="now")


def make_delivery(state: str, attempts: int) -> Delivery:
    return Delivery(
        channel="webhook",
        notice=NOTICE,
        state=state,
        attempts=attempts,
        next_at=datetime(2026, 11, 3, tzinfo=UTC),
        error="refused",
    )


@pytest.mark.parametrize(
    ("state", "attempts", "more"),
    [
        ("delivered", 2, []),
        ("waiting", 0, []),
        ("waiting", 1, ["         attempt 1, next 2026-11-03 00:00 UTC: refused"]),
        ("dead", 9, ["         attempt 9: refused"]),
    ],
)
def test_only_a_failed_attempt_has_a_second_line(
    state: str, attempts: int, more: list[str]
) -> None:
    first, *rest = describe_delivery(make_delivery(state, attempts)).splitlines()
    assert first == f"webhook  {state:<9} voice.3  live"
    assert rest == more


def test_times_are_json_values() -> None:
    document = json.loads(json.dumps(delivery_as_json(make_delivery("waiting", 1))))
    assert document["notice"]["at"] == "2026-11-02T00:00:00+00:00"
    assert document["next_at"] == "2026-11-03T00:00:00+00:00"
