"""Notifications as the release engineer meets them, with a real receiver on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from flows.reports.summary import summarise
from flows.send_notices import send_notices
from tests.fakes.campaign_work import begin, let_go_on, plan_campaign
from tests.fakes.release_site import ReleaseSite
from tests.fakes.webhook_receiver import Receiver, webhook_receiver
from voxgate.adapters.sql.database import open_database
from voxgate.campaigns.transitions import end_part
from voxgate.errors import ConfigError, VoxgateError
from voxgate.settings import Settings
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout

Call = Callable[..., Result]
APPROVE = ("--by", "anna", "--reason", "sounds right")


@pytest.fixture
def receiver(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with webhook_receiver() as made:
        monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
        monkeypatch.setenv("VOXGATE_WEBHOOK_URL", made.url)
        monkeypatch.setenv("VOXGATE_WEBHOOK_SECRET", base64.b64encode(b"k" * 32).decode())
        # A machine that is busy with other tests must not look like a receiver that hangs.
        monkeypatch.setattr("voxgate.adapters.notices.webhook.TIMEOUT_S", (60.0, 60.0))
        yield made


@pytest.fixture
def call(release_site: ReleaseSite, receiver: Receiver) -> Call:
    def run(*arguments: object) -> Result:
        words = [*map(str, arguments), "--root", str(release_site.root)]
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        return result

    return run


def _subjects(receiver: Receiver, site: ReleaseSite) -> list[str]:
    model = site.desk.model
    return [json.loads(body)["subject"].removeprefix(f"{model}: ") for _, body in receiver.requests]


def _listed(call: Call) -> list[dict[str, Any]]:
    return list(json.loads(call("outbox", "list", "--json").output))


def test_people_are_told_once_about_each_step(
    release_site: ReleaseSite, receiver: Receiver, call: Call
) -> None:
    one = release_site.offer(1)
    assert call("outbox", "send").output == "nothing is due any more: webhook\n"
    call("approve", one, *APPROVE)
    two = release_site.offer(2)
    call("approve", two, *APPROVE)
    call("rollback", "--by", "bob", "--reason", "it hums")
    call("quarantine", two, "--by", "bob", "--reason", "it hums")
    call("quarantine", two, "--by", "bob", "--reason", "it hums")
    assert call("outbox", "send").exit_code == 0
    assert _subjects(receiver, release_site) == [
        f"version {one} waits for a decision (PASS)",
        f"version {one} is live",
        f"version {two} is live",
        f"rolled back to version {one}",
        f"version {two} is quarantined",
    ]
    assert {(row["channel"], row["state"]) for row in _listed(call)} == {("webhook", "delivered")}


def test_a_receiver_that_is_down_holds_no_release_up_and_is_told_later(
    release_site: ReleaseSite, receiver: Receiver, call: Call
) -> None:
    receiver.answers = [503]
    one = release_site.offer(1)
    answer = call("approve", one, *APPROVE)
    assert answer.exit_code == 0
    assert f"version {one} is live (event 4)" in answer.output
    assert "notification: webhook: event-4-" in answer.output
    assert "answered 503 (attempt 1, tried again later)" in answer.output
    [line] = summarise(Checkout.open(release_site.root)).notifications
    assert line.startswith(
        "webhook: 1 tried again later; the last answer: the webhook at 127.0.0.1"
    )
    assert call("outbox", "send").exit_code == 0, "its pause is not over"
    [row] = _listed(call)
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert "attempt 1, next " in call("outbox", "list").output
    answer = call("outbox", "retry")
    assert (answer.exit_code, answer.output) == (0, "1 made due again\n")
    assert len(set(receiver.keys)) == 1
    assert len(receiver.keys) == 2
    assert summarise(Checkout.open(release_site.root)).notifications == ()


def test_a_send_that_does_not_get_through_exits_1(
    release_site: ReleaseSite, receiver: Receiver, call: Call
) -> None:
    release_site.offer(1)
    receiver.answers = [500]
    answer = call("outbox", "send")
    assert (answer.exit_code, "answered 500" in answer.output) == (1, True)


def test_alarms_travel_on_the_same_channels(
    release_site: ReleaseSite, receiver: Receiver, call: Call
) -> None:
    release_site.desk.outbox.enqueue("monitor-2026-11-25", "the champion is silent", "3 of 3\n")
    assert call("outbox", "send").exit_code == 0
    assert call("outbox", "send").exit_code == 0
    assert receiver.keys == ["monitor-2026-11-25"]


def test_a_channel_that_cannot_be_used_stops_a_command_before_it_does_anything(
    release_site: ReleaseSite, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = release_site.offer(1)
    monkeypatch.setenv("VOXGATE_WEBHOOK_SECRET", "short")
    with pytest.raises(ConfigError, match="VOXGATE_WEBHOOK_SECRET: expected base64"):
        call("approve", one, *APPROVE)
    monkeypatch.delenv("VOXGATE_WEBHOOK_URL")
    assert release_site.desk.ledger.read(release_site.desk.model).live is None
    assert call("outbox", "list").output == "nothing to tell, or no channel is set\n"


def test_what_comes_of_campaigns_is_told_once_and_listed(
    release_site: ReleaseSite, receiver: Receiver, call: Call
) -> None:
    store = open_campaign_store(Settings(), release_site.root)
    plan_campaign(store, "spring", ["Anna", "Bo"])
    begin(store, "spring")
    assert call("outbox", "list").output == "nothing to tell, or no channel is set\n"
    store.change("spring", partial(end_part, actor="worker"))
    [listed] = _listed(call)
    assert (listed["state"], receiver.requests) == ("waiting", [])
    for _ in range(2):
        assert call("outbox", "send").exit_code == 0
    let_go_on(store, "spring")
    assert send_notices.fn(release_site.root).name == "Sent"
    store.change("spring", partial(end_part, actor="worker"))
    assert send_notices.fn(release_site.root).name == "Sent"
    assert [json.loads(body)["subject"] for _, body in receiver.requests] == [
        "campaign spring: the proof sample waits to be heard",
        "campaign spring: finished",
    ]
    assert {row["state"] for row in _listed(call)} == {"delivered"}


def test_events_of_campaigns_that_were_altered_hold_no_release_up(
    release_site: ReleaseSite, receiver: Receiver, call: Call
) -> None:
    settings = Settings()
    store = open_campaign_store(settings, release_site.root)
    plan_campaign(store, "spring", ["Anna", "Bo"])
    with open_database(settings, release_site.root).writing() as connection:
        guards = sa.text(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'campaign_events'"
        )
        for name in connection.execute(guards).scalars().all():
            connection.execute(sa.text(f'DROP TRIGGER IF EXISTS "{name}"'))
        connection.execute(sa.text("UPDATE campaign_events SET actor = 'nobody'"))
    release_site.offer(1)
    answer = call("outbox", "send")
    assert (answer.exit_code, "campaigns: " in answer.output) == (1, True)
    assert len(_subjects(receiver, release_site)) == 1
