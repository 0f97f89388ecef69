from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.release_site import ReleaseSite
from voxgate.wiring.checkout import Checkout

SECRET = "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtaGVyZQ=="


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return ReleaseSite.create(tmp_path / "checkout", "").root


def test_a_desk_tells_people_through_every_channel_that_is_set(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Checkout.open(root).desk.channels == ()

    monkeypatch.setenv("VOXGATE_WEBHOOK_URL", "https://chat.example/hook")
    monkeypatch.setenv("VOXGATE_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("VOXGATE_SMTP_URL", "smtps://user:password@mail.example")
    monkeypatch.setenv("VOXGATE_MAIL_FROM", "voxgate@example.org")
    monkeypatch.setenv("VOXGATE_MAIL_TO", "anna@example.org")
    assert [channel.name for channel in Checkout.open(root).desk.channels] == ["webhook", "e-mail"]
