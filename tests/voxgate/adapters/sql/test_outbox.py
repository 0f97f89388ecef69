"""The outbox on both databases of the ledger; PostgreSQL with the slow tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.channel import FakeChannel
from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.adapters.sql.outbox import MAX_ATTEMPTS, SqlOutbox, pause_s
from voxgate.errors import DeliveryError, ExternalServiceError, ReleaseError
from voxgate.release.notices import Notice
from voxgate.settings import Settings


@pytest.fixture
def database(ledger_url: str) -> Database:
    return open_database(Settings(ledger_url=SecretStr(ledger_url)), Path())


def _notice(number: int, *, age: timedelta = timedelta(minutes=1)) -> Notice:
    at = datetime.now(UTC) - age
    return Notice(key=f"event-{number}", at=at, subject=f"s{number}", text="t")


def _execute(database: Database, statement: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.text(statement))


def _states(outbox: SqlOutbox, told: list[Notice]) -> list[tuple[str, int]]:
    return [(d.state, d.attempts) for d in outbox.standing("webhook", told)]


def test_a_notice_is_delivered_once_however_often_one_sends(database: Database) -> None:
    channel, told = FakeChannel(), [_notice(1), _notice(2)]
    for _ in range(3):
        assert SqlOutbox(database).send(channel, told) == []
    assert channel.sent == ["event-1", "event-2"]
    assert _states(SqlOutbox(database), told) == [("delivered", 1), ("delivered", 1)]


def test_channels_are_independent(database: Database) -> None:
    told = [_notice(1)]
    away = FakeChannel("e-mail", [ExternalServiceError("no answer")])
    webhook = FakeChannel()
    problems = SqlOutbox(database).send(away, told)
    assert problems == ["e-mail: event-1: no answer (attempt 1, tried again later)"]
    assert SqlOutbox(database).send(webhook, told) == []
    assert SqlOutbox(database).channels() == ["e-mail", "webhook"]


def test_an_outage_ends_the_round_and_a_refusal_does_not(database: Database) -> None:
    outbox, told = SqlOutbox(database), [_notice(1), _notice(2), _notice(3)]
    channel = FakeChannel(failures=[DeliveryError("400"), ExternalServiceError("away")])
    assert len(outbox.send(channel, told)) == 2
    assert _states(outbox, told) == [("waiting", 1), ("waiting", 1), ("waiting", 0)]
    assert outbox.send(channel, told) == []
    assert channel.sent == ["event-3"], "what failed waits, what was not tried does not"


def test_a_failed_notice_is_tried_again_after_its_pause(database: Database) -> None:
    outbox, told = SqlOutbox(database, random=Random(1)), [_notice(1)]
    channel = FakeChannel(failures=[ExternalServiceError("away")])
    outbox.send(channel, told)
    [delivery] = outbox.standing("webhook", told)
    pause = delivery.next_at - datetime.now(UTC)
    assert timedelta(seconds=40) < pause < timedelta(seconds=80)
    assert delivery.error == "away"
    _execute(database, "UPDATE outbox_deliveries SET next_at_s = next_at_s - 100")
    assert outbox.send(channel, told) == []
    assert _states(outbox, told) == [("delivered", 2)]


def test_pauses_double_up_to_a_bound_and_are_never_in_step() -> None:
    pauses = [pause_s(attempts, Random(attempts)) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert 45 <= pauses[0] <= 75
    assert 0.75 * 60 * 64 <= pauses[6] <= 1.25 * 60 * 64
    assert max(pauses) <= 1.25 * 6 * 3600
    assert pause_s(3, Random(1)) != pause_s(3, Random(2))


def test_after_many_attempts_it_is_given_up_until_somebody_retries(database: Database) -> None:
    outbox, told = SqlOutbox(database), [_notice(1)]
    channel = FakeChannel(failures=[ExternalServiceError("away")] * MAX_ATTEMPTS)
    for _ in range(MAX_ATTEMPTS):
        [problem] = outbox.send(channel, told)
        _execute(database, "UPDATE outbox_deliveries SET next_at_s = 0")
    assert problem.endswith(f"(attempt {MAX_ATTEMPTS}, given up)")
    assert outbox.send(channel, told) == []
    assert _states(outbox, told) == [("dead", MAX_ATTEMPTS)]
    assert outbox.retry("event-9") == 0
    assert outbox.retry() == 1
    assert outbox.send(channel, told) == []
    assert _states(outbox, told) == [("delivered", 1)]
    assert outbox.retry() == 0, "what was delivered is not sent again"


def test_a_new_channel_is_told_about_the_last_day_and_then_everything(database: Database) -> None:
    outbox, channel = SqlOutbox(database), FakeChannel()
    old, recent = _notice(1, age=timedelta(hours=25)), _notice(2, age=timedelta(hours=23))
    outbox.send(channel, [old, recent])
    assert channel.sent == ["event-2"]
    assert [d.notice.key for d in outbox.standing("webhook", [old, recent])] == ["event-2"]


def test_an_alarm_is_kept_once_by_its_key(database: Database) -> None:
    outbox, channel = SqlOutbox(database), FakeChannel()
    assert outbox.enqueue("monitor-2026-11-25", "the champion is silent", "3 of 3 prompts\n")
    assert not outbox.enqueue("monitor-2026-11-25", "again", "")
    outbox.send(channel, outbox.alarms())
    outbox.send(channel, outbox.alarms())
    assert channel.sent == ["monitor-2026-11-25"]
    assert [(a.subject, a.text) for a in outbox.alarms()] == [
        ("the champion is silent", "3 of 3 prompts\n")
    ]


@pytest.mark.parametrize(
    ("key", "subject", "message"),
    [
        ("a b", "s", "key 'a b': expected 1 to 100 of"),
        ("k\r\nX: y", "s", "expected 1 to 100 of"),
        ("k", "two\nlines", "expected one printable line"),
        ("k", " ", "expected one printable line"),
    ],
)
def test_what_cannot_travel_in_a_header_is_refused(
    database: Database, key: str, subject: str, message: str
) -> None:
    with pytest.raises(ReleaseError, match=message):
        SqlOutbox(database).enqueue(key, subject, "")
    assert SqlOutbox(database).alarms() == []


def test_a_second_sender_leaves_the_channel_to_the_first(database: Database) -> None:
    channel = FakeChannel()
    with LeaseTable(database).hold("outbox:webhook", purpose="the sender"):
        [problem] = SqlOutbox(database).send(channel, [_notice(1)])
    assert problem.startswith("webhook: somebody else sends: outbox:webhook is held by the sender")
    assert channel.sent == []


def test_a_sender_that_was_overtaken_marks_nothing_and_sends_no_more(database: Database) -> None:
    outbox, told = SqlOutbox(database), [_notice(1), _notice(2)]

    class Overtaken(FakeChannel):
        def send(self, notice: Notice) -> None:
            super().send(notice)
            _execute(database, "UPDATE ledger_leases SET token = token + 1, purpose = 'bob'")

    channel = Overtaken()
    [problem] = outbox.send(channel, told)
    assert "taken by bob" in problem
    assert channel.sent == ["event-1"]
    assert _states(outbox, told) == [("waiting", 0), ("waiting", 0)]
