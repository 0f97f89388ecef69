"""The HTTP app over a fake service, with keys in memory and a clock that tests move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI

from tests.fakes.speech_service import MODEL, FakeSpeechService
from voxgate.adapters.http.app import create_app
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.settings import HttpSettings
from voxgate.serving.api_keys import ApiKey, KeyClass, issue_key

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SPEECH: Mapping[str, Any] = {
    "model": MODEL,
    "voice": "anna",
    "input": "Hello there. How are you. Good.",
}
ANONYMOUS = HttpSettings(
    allow_anonymous=True,
    upstream_dialect=True,
    upstream_model=MODEL,
    upstream_refs={"/data/anna.wav": "anna"},
    upstream_presets={"cut0": "telephone"},
)


@dataclass
class MemoryKeys:
    """Implements `KeyStore`; `fault` is raised by every question."""

    kept: dict[str, ApiKey] = field(default_factory=dict)
    fault: Exception | None = None
    questions: int = 0

    def add(self, key: ApiKey) -> None:
        self.kept[key.key_id] = key

    def find(self, key_id: str) -> ApiKey | None:
        self.questions += 1
        if self.fault is not None:
            raise self.fault
        return self.kept.get(key_id)

    def all(self) -> Sequence[ApiKey]:
        return list(self.kept.values())

    def revoke(self, key_id: str, *, at: datetime) -> bool:
        key = self.kept.get(key_id)
        if key is None or key.revoked_at is not None:
            return False
        self.kept[key_id] = replace(key, revoked_at=at)
        return True

    def issue(self, **changes: Any) -> dict[str, str]:
        """Keep a new key; returns the header that has it."""
        facts: dict[str, Any] = {
            "key_class": KeyClass.REAL_TIME,
            "rights": ["speak"],
            "purpose": "publication",
            "per_minute": 600,
            "concurrency": 4,
            "now": NOW,
        }
        key, token = issue_key("a test", **(facts | changes))
        self.add(key)
        return {"Authorization": f"Bearer {token}"}


@dataclass
class MovedClock:
    """Seconds since the test began, by hand."""

    seconds: float = 0.0

    def now_s(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)


def anonymous_app(
    service: FakeSpeechService, settings: HttpSettings = ANONYMOUS, **parts: Any
) -> FastAPI:
    return create_app(service, keys=None, settings=settings, version="1.2.3", **parts)


def keyed_app(
    service: FakeSpeechService,
    keys: MemoryKeys,
    clock: MovedClock,
    settings: HttpSettings | None = None,
    **parts: Any,
) -> FastAPI:
    door = Door(keys, allow_anonymous=False, now=clock.now, now_s=clock.now_s)
    return create_app(service, keys=keys, settings=settings, version="1.2.3", door=door, **parts)
