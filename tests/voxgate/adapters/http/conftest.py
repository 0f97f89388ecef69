from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.fakes.http_service import MemoryKeys, MovedClock, anonymous_app, keyed_app
from tests.fakes.speech_service import FakeSpeechService


@pytest.fixture
def service() -> FakeSpeechService:
    return FakeSpeechService()


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def client(service: FakeSpeechService) -> Iterator[TestClient]:
    """A client on this machine, without a key."""
    app = anonymous_app(service)
    with TestClient(app, base_url="http://127.0.0.1:8080", client=("127.0.0.1", 50_000)) as made:
        yield made


@pytest.fixture
def remote(service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock) -> Iterator[TestClient]:
    """A client on another machine; whom it can be is in `keys`."""
    app = keyed_app(service, keys, clock)
    with TestClient(app, base_url="http://speech.example", client=("192.0.2.7", 50_000)) as made:
        yield made
