"""Run the snippets of docs/notifications.md against a webhook that voxgate really sends."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.fakes.webhook_receiver import Receiver, webhook_receiver
from voxgate.adapters.notices.webhook import Webhook, open_webhook
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.outbox import SqlOutbox
from voxgate.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text(encoding="utf-8")
VERIFY, ALARM = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SECRET = base64.b64encode(b"k" * 32).decode()


class Desk:
    """Has the outbox and the channel of a release desk, without its registry."""

    def __init__(self, root: Path, url: str) -> None:
        self.outbox = SqlOutbox(open_database(Settings(), root))
        settings = Settings(webhook_url=SecretStr(url), webhook_secret=SecretStr(SECRET))
        self.webhook: Webhook | None = open_webhook(settings)

    def notify(self) -> None:
        assert self.webhook is not None
        assert self.outbox.send(self.webhook, self.outbox.alarms()) == []


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as made:
        yield made


def test_the_snippets_send_an_alarm_and_verify_its_signature(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voxgate.adapters.notices.webhook.TIMEOUT_S", (60.0, 60.0))
    names: dict[str, Any] = {"desk": Desk(tmp_path, receiver.url)}
    exec(VERIFY, names)
    exec(ALARM, names)
    exec(ALARM, names)
    [(headers, body)] = receiver.requests
    names["verify"](headers, body, SECRET)
    with pytest.raises(PermissionError, match="not ours"):
        names["verify"](headers, body + b" ", SECRET)
    with pytest.raises(PermissionError, match="not ours"):
        names["verify"]({**headers, "webhook-id": "another"}, body, SECRET)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    with pytest.raises(PermissionError, match="too old"):
        names["verify"](headers, body, SECRET)
