"""Purges over a real socket."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from tests.fakes.postgres import free_port
from tests.fakes.purge_receiver import PurgeReceiver, purge_receiver
from voxgate.adapters.cdn.cloudflare import ATTEMPTS, Cloudflare, open_cloudflare
from voxgate.errors import ConfigError, DeliveryError, ExternalServiceError
from voxgate.settings import Settings

TOKEN = "t0ken-that-nobody-sees"


@pytest.fixture
def receiver() -> Iterator[PurgeReceiver]:
    with purge_receiver() as made:
        yield made


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def cache(receiver: PurgeReceiver, waited: list[float]) -> Cloudflare:
    return Cloudflare(zone="z1", token=SecretStr(TOKEN), base_url=receiver.url, wait=waited.append)


def test_the_call_is_the_documented_one(cache: Cloudflare, receiver: PurgeReceiver) -> None:
    result = cache.purge(["campaign-spring", "model-voice-en@7", "campaign-spring"])
    [(path, headers, body)] = receiver.requests
    assert path == "/client/v4/zones/z1/purge_cache"
    assert body == {"tags": ["campaign-spring", "model-voice-en@7"]}
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["content-type"] == "application/json"
    assert (result.purged, result.cache, result.calls) == (True, "cloudflare", 1)
    assert result.tags == ("campaign-spring", "model-voice-en@7")


def test_a_call_has_at_most_thirty_tags(cache: Cloudflare, receiver: PurgeReceiver) -> None:
    tags = [f"asset-{number}" for number in range(61)]
    result = cache.purge(tags)
    assert [len(part) for part in receiver.tags] == [30, 30, 1]
    assert [tag for part in receiver.tags for tag in part] == tags
    assert result.calls == 3


def test_no_tags_are_no_call(cache: Cloudflare, receiver: PurgeReceiver) -> None:
    assert cache.purge([]).calls == len(receiver.requests) == 0


def test_what_passes_is_tried_again_later_and_later(
    cache: Cloudflare, receiver: PurgeReceiver, waited: list[float]
) -> None:
    receiver.refuse(503)
    receiver.refuse(429, Retry_After="7")
    receiver.refuse(500)
    assert cache.purge(["a"]).purged
    assert waited == [1.0, 7.0, 4.0]
    assert receiver.tags == [["a"]] * 4


def test_what_does_not_pass_is_told_with_what_was_done(
    cache: Cloudflare, receiver: PurgeReceiver, waited: list[float]
) -> None:
    receiver.answers = [(200, {}, b'{"success": true}')]
    for _ in range(ATTEMPTS):
        receiver.refuse(429, 971, Retry_After="999999")
    said = rf"127.0.0.1 answered 429 \(code 971\), {ATTEMPTS} times; 30 of 31 tags are purged"
    with pytest.raises(ExternalServiceError, match=said):
        cache.purge([f"t{number}" for number in range(31)])
    assert waited == [60.0] * (ATTEMPTS - 1)


def test_a_cache_that_is_away_is_an_outage(waited: list[float]) -> None:
    base_url = f"http://127.0.0.1:{free_port()}"
    away = Cloudflare(zone="z1", token=SecretStr(TOKEN), base_url=base_url, wait=waited.append)
    with pytest.raises(ExternalServiceError, match="did not answer: ConnectionError"):
        away.purge(["a"])
    assert waited == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b'{"success": false, "errors": [{"code": 10000, "message": "auth"}]}'),
        (400, b"no JSON"),
        (200, b'{"success": false, "errors": [{"code": 10000}]}'),
        (200, b"[]"),
        (200, b""),
        (200, b'{"success": "yes"}'),
        (307, b'{"success": true}'),
    ],
)
def test_a_refusal_is_not_repeated(
    cache: Cloudflare, receiver: PurgeReceiver, waited: list[float], status: int, body: bytes
) -> None:
    receiver.answers = [(status, {"Location": "/elsewhere"}, body)]
    with pytest.raises(DeliveryError, match=f"answered {status}.* VOXGATE_CDN_TOKEN may purge"):
        cache.purge(["a"])
    assert (waited, len(receiver.requests)) == ([], 1)


def test_the_token_is_in_no_log_and_no_message(
    cache: Cloudflare, receiver: PurgeReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cache.purge(["a"])
    receiver.refuse(403)
    with pytest.raises(DeliveryError) as caught:
        cache.purge(["a"])
    assert TOKEN not in caplog.text + str(caught.value) + repr(cache)


def test_a_netrc_does_not_take_the_place_of_the_token(
    cache: Cloudflare, receiver: PurgeReceiver, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    cache.purge(["a"])
    assert receiver.requests[0][1]["authorization"] == f"Bearer {TOKEN}"


def test_settings_name_the_zone() -> None:
    assert open_cloudflare(Settings()) is None
    made = open_cloudflare(Settings(cdn_zone="abc123", cdn_token=SecretStr(f" {TOKEN}\n")))
    assert made is not None
    assert (made.zone, made.token.get_secret_value()) == ("abc123", TOKEN)
    assert made.base_url == "https://api.cloudflare.com/client/v4"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cdn_token": None}, "VOXGATE_CDN_TOKEN: expected an API token"),
        ({"cdn_token": SecretStr("a b")}, "VOXGATE_CDN_TOKEN"),
        ({"cdn_token": SecretStr("a\r\nX: y")}, "VOXGATE_CDN_TOKEN"),
        ({"cdn_zone": "../../user"}, "VOXGATE_CDN_ZONE: expected the id of a zone"),
        ({"cdn_url": "http://cache.example"}, "VOXGATE_CDN_URL: expected https"),
        ({"cdn_url": "https://"}, "VOXGATE_CDN_URL"),
        ({"cdn_url": "https://[x"}, "VOXGATE_CDN_URL: expected a URL"),
    ],
)
def test_settings_that_cannot_be_used_are_named_and_not_shown(
    values: dict[str, Any], said: str
) -> None:
    whole = {"cdn_zone": "abc123", "cdn_token": SecretStr(TOKEN), **values}
    with pytest.raises(ConfigError, match=said) as caught:
        open_cloudflare(Settings(**whole))
    assert TOKEN not in str(caught.value)
