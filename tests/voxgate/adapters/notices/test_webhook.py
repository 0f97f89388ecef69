from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from tests.fakes.webhook_receiver import Receiver, webhook_receiver
from voxgate.adapters.notices.webhook import Webhook, open_webhook
from voxgate.errors import ConfigError, DeliveryError, ExternalServiceError
from voxgate.release.notices import Notice
from voxgate.settings import Settings

SECRET = base64.b64encode(b"0123456789" * 3).decode()
NOTICE = Notice(
    key="event-4-abc",
    at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
    subject="voice: version 1 is live",
    text="by anna: clear\n",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as made:
        yield made


def _webhook(url: str) -> Webhook:
    made = open_webhook(Settings(webhook_url=SecretStr(url), webhook_secret=SecretStr(SECRET)))
    assert made is not None
    return made


def test_a_notice_arrives_signed_with_its_key(receiver: Receiver) -> None:
    replace(_webhook(receiver.url), clock=lambda: 1764072000.9).send(NOTICE)
    [(headers, body)] = receiver.requests
    assert json.loads(body) == {
        "key": "event-4-abc",
        "at": "2026-11-25T12:00:00+00:00",
        "subject": "voice: version 1 is live",
        "text": "by anna: clear\n",
    }
    assert headers["idempotency-key"] == headers["webhook-id"] == "event-4-abc"
    assert headers["webhook-timestamp"] == "1764072000"
    # By `openssl dgst -sha256 -mac HMAC`, not by the code under test.
    assert headers["webhook-signature"] == "v1,fCUHY0cLzcu1UFSPpoAXNPflnwm9xNUqMpB0XJtVqZ4="


def test_the_secret_may_carry_the_specifications_prefix(receiver: Receiver) -> None:
    prefixed = Settings(
        webhook_url=SecretStr(receiver.url), webhook_secret=SecretStr(f"whsec_{SECRET}")
    )
    assert open_webhook(prefixed) == _webhook(receiver.url)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_failing_receiver_is_an_outage(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    with pytest.raises(ExternalServiceError, match=f"the webhook at 127.0.0.1 answered {status}"):
        _webhook(receiver.url).send(NOTICE)


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_receiver_that_refuses_is_told_apart(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    with pytest.raises(DeliveryError, match=f"answered {status}, expected 2xx"):
        _webhook(receiver.url).send(NOTICE)


def test_a_redirect_is_not_followed_and_acknowledges_nothing(receiver: Receiver) -> None:
    receiver.answers = [307]
    with pytest.raises(DeliveryError, match="answered 307"):
        _webhook(receiver.url).send(NOTICE)
    assert len(receiver.requests) == 1


def test_a_receiver_that_hangs_is_left_after_the_time_out(receiver: Receiver) -> None:
    receiver.answers = [0]
    with pytest.raises(ExternalServiceError, match="did not answer: ReadTimeout"):
        replace(_webhook(receiver.url), timeout_s=(1.0, 0.3)).send(NOTICE)


def test_neither_address_nor_secret_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "voxgate")
    webhook = _webhook("http://127.0.0.1:9/hooks/T0K3N")
    with pytest.raises(ExternalServiceError, match=r"127\.0\.0\.1 did not answer: Conn") as error:
        webhook.send(NOTICE)
    shown = f"{error.value!r} {error.value.__cause__!r} {webhook!r} {caplog.text}"
    for secret in ("T0K3N", SECRET, "0123456789"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("url", "secret", "message"),
    [
        ("http://example.org/T0K3N", SECRET, "expected https://…, or http://… on loopback"),
        ("http://127.0.0.1.evil.test/T0K3N", SECRET, "or http://… on loopback"),
        ("ftp://127.0.0.1/T0K3N", SECRET, "expected https://"),
        ("http://[/T0K3N", SECRET, "VOXGATE_WEBHOOK_URL: expected a URL"),
        ("https://example.org/T0K3N", "c2hvcnQ=", "at least 24 random bytes: openssl rand"),
        ("https://example.org/T0K3N", "not base64!", "VOXGATE_WEBHOOK_SECRET: expected base64"),
        ("https://example.org/T0K3N", None, "VOXGATE_WEBHOOK_SECRET"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_and_not_shown(
    url: str, secret: str | None, message: str
) -> None:
    given = Settings(
        webhook_url=SecretStr(url), webhook_secret=None if secret is None else SecretStr(secret)
    )
    with pytest.raises(ConfigError) as error:
        open_webhook(given)
    assert message in str(error.value)
    assert "T0K3N" not in str(error.value)
    assert secret is None or secret not in str(error.value)


def test_without_a_setting_there_is_no_webhook() -> None:
    assert "VOXGATE_WEBHOOK_URL" not in os.environ
    assert open_webhook(Settings()) is None
