"""Keys at the door: rates, revocation, and where a server may listen without them."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.fakes.http_service import SPEECH, MemoryKeys, MovedClock
from voxgate.adapters.http.door import is_loopback, require_safe_bind
from voxgate.clock import utc_now
from voxgate.errors import ConfigError


def speak(client: TestClient, headers: dict[str, str]) -> int:
    return client.post("/v1/audio/speech", json=SPEECH, headers=headers).status_code


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_these_are_of_this_machine(host: str) -> None:
    assert is_loopback(host)
    require_safe_bind(host, has_keys=False, allow_anonymous=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "localhost.example", ""])
def test_others_need_keys_and_no_anonymous_use(host: str) -> None:
    assert not is_loopback(host)
    require_safe_bind(host, has_keys=True, allow_anonymous=False)
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1"):
        require_safe_bind(host, has_keys=True, allow_anonymous=True)
    with pytest.raises(ConfigError, match="no valid key"):
        require_safe_bind(host, has_keys=False, allow_anonymous=False)


def test_a_server_that_nobody_can_use_does_not_start() -> None:
    with pytest.raises(ConfigError, match="keys create"):
        require_safe_bind("127.0.0.1", has_keys=False, allow_anonymous=False)


def test_a_key_that_was_revoked_opens_nothing_within_seconds(
    remote: TestClient, keys: MemoryKeys, clock: MovedClock
) -> None:
    headers = keys.issue()
    assert speak(remote, headers) == 200
    keys.revoke(next(iter(keys.kept)), at=utc_now())
    clock.seconds += 5.1
    assert speak(remote, headers) == 401


def test_not_every_request_asks_the_database(remote: TestClient, keys: MemoryKeys) -> None:
    headers = keys.issue()
    assert [speak(remote, headers) for _ in range(4)] == [200] * 4
    assert keys.questions == 1


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer vg_x", "Basic dXNlcjpwYXNz", "vg_aaaaaaaaaaaa_" + "b" * 43],
)
def test_what_is_no_key_opens_nothing(remote: TestClient, given: str) -> None:
    assert speak(remote, {"Authorization": given}) == 401


def test_a_key_asks_as_often_as_it_may(
    remote: TestClient, keys: MemoryKeys, clock: MovedClock
) -> None:
    headers = keys.issue(per_minute=2)
    assert [speak(remote, headers) for _ in range(2)] == [200, 200]
    answer = remote.post("/v1/audio/speech", json=SPEECH, headers=headers)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    assert answer.json()["error"]["code"] == "rate_limit_exceeded"
    clock.seconds += 30
    assert speak(remote, headers) == 200


def test_a_refused_request_gives_its_place_back(remote: TestClient, keys: MemoryKeys) -> None:
    headers = keys.issue(concurrency=1)
    for _ in range(3):
        wrong = remote.post("/v1/audio/speech", json={**SPEECH, "voice": "nobody"}, headers=headers)
        assert wrong.status_code == 404
    assert speak(remote, headers) == 200
    assert speak(remote, headers) == 200
