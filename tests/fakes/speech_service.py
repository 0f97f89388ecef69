"""A `SpeechService` without voices: each sentence is a tone of its own, and faults are ordered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import UnknownPresetError, UnknownProfileError, UnknownVersionError
from voxgate.files import digest_bytes
from voxgate.serving.ports import Answer, Caller, Readiness
from voxgate.serving.requests import SpeechRequest, SpokenSentence

RATE_HZ = 16_000
MODEL, VERSION = "voice-en", 7
VOICES = ("anna", "ben")
STANDINGS: Mapping[str, str] = dict(zip(VOICES, ("good", "poor"), strict=True))
PRESETS = ("telephone",)
PRESET_SEED = 11
LIVE_SINCE = "2027-03-01T11:30:00+00:00"
LANES: Mapping[str, Mapping[str, Any]] = {
    "real_time": {
        "workers": {"places": 2, "spares": 1, "warm": 2, "at_work": 1},
        "queue_depth": 2, "oldest_age_s": 0.5, "service_s": 0.1,
        "deaths": 0, "last_death": None, "ready": True,
    },
    "batch": {
        "workers": {"places": 1, "spares": 0, "warm": 0, "at_work": 0},
        "queue_depth": 0, "oldest_age_s": 0.0, "service_s": 1.0,
        "deaths": 1, "last_death": "ended by signal 9", "ready": False,
    },
}  # fmt: skip
"""What `WorkerPool` tells of its lanes."""


@dataclass
class FakeSpeechService:
    """Implements `SpeechService`; what a sentence sounds like follows from the request alone.

    `fault` is raised before anything is said and `refusal` by `check` too; `break_after` sentences
    `broken_by` comes; each sentence takes `pause_s`. `left` counts requests whose speaking was
    ended from outside. `voices` may be changed while it is up.
    """

    fault: Exception | None = None
    refusal: Exception | None = None
    broken_by: Exception | None = None
    break_after: int = 1
    pause_s: float = 0.0
    sentence_s: float = 0.25
    ready: bool = True
    degraded: tuple[str, ...] = ("redis",)
    cache: Literal["hit", "join", "miss"] = "miss"
    asked: list[tuple[SpeechRequest, Caller]] = field(default_factory=list)
    deadlines_s: list[float | None] = field(default_factory=list)
    left: int = 0
    voices: Mapping[str, str | None] = field(default_factory=lambda: dict(STANDINGS))
    device: str | None = None

    async def say(
        self, request: SpeechRequest, *, caller: Caller, deadline_s: float | None = None
    ) -> Answer:
        """See `SpeechService.say`."""
        self.asked.append((request, caller))
        self.deadlines_s.append(deadline_s)
        if self.fault is not None:
            raise self.fault
        self.check(request, caller=caller)
        return Answer(
            device=self.device,
            model=MODEL,
            version=VERSION,
            voice_digest="v" * 64,
            profile=request.profile,
            preset=(request.preset or PRESETS[0]).removesuffix("@1"),
            preset_digest="d" * 64,
            seed=PRESET_SEED if request.seed is None else request.seed,
            cache=self.cache,
            sample_rate_hz=RATE_HZ,
            sentences=self._sentences(request),
        )

    def check(self, request: SpeechRequest, *, caller: Caller) -> None:
        """See `SpeechService.check`."""
        if self.refusal is not None:
            raise self.refusal
        if request.model != MODEL or request.version not in (None, VERSION):
            raise UnknownVersionError(f"there is no {request.model}")
        if request.profile is not None and request.profile not in self.voices:
            raise UnknownProfileError(f"there is no voice {request.profile}")
        if request.preset is not None and request.preset.removesuffix("@1") not in PRESETS:
            raise UnknownPresetError(f"there is no preset {request.preset}")

    async def _sentences(self, request: SpeechRequest) -> AsyncIterator[SpokenSentence]:
        try:
            for place, pcm in enumerate(expected_sentences(request, self.sentence_s)):
                if self.broken_by is not None and place == self.break_after:
                    raise self.broken_by
                await asyncio.sleep(self.pause_s)
                yield SpokenSentence(
                    place=place, pcm=pcm, sample_rate_hz=RATE_HZ, stopped_by_limit=False
                )
        except (asyncio.CancelledError, GeneratorExit):
            self.left += 1
            raise

    def models(self) -> Sequence[Mapping[str, Any]]:
        """See `SpeechService.models`."""
        return [{"id": MODEL, "live": VERSION, "live_since": LIVE_SINCE}]

    def profiles(self) -> Sequence[Mapping[str, Any]]:
        """See `SpeechService.profiles`."""
        return [
            {"id": name, "name": name, "standings": {MODEL: standing}}
            for name, standing in self.voices.items()
        ]

    def presets(self) -> Sequence[Mapping[str, Any]]:
        """See `SpeechService.presets`."""
        return [
            {"id": f"{name}@1", "name": name, "version": 1, "seed": PRESET_SEED} for name in PRESETS
        ]

    def readiness(self) -> Readiness:
        """See `SpeechService.readiness`."""
        return Readiness(ready=self.ready, degraded=self.degraded, lanes=LANES)


def expected_sentences(request: SpeechRequest, sentence_s: float = 0.25) -> list[NDArray[np.int16]]:
    """Return what the fake says to a request, a sentence at each full stop."""
    parts = [part.strip() for part in request.text.split(".") if part.strip()]
    who = f"{request.profile}|{request.seed}|{request.speed}"
    return [_tone(f"{who}|{place}|{part}", sentence_s) for place, part in enumerate(parts)]


def _tone(name: str, duration_s: float) -> NDArray[np.int16]:
    """Return (T,) int16 at `RATE_HZ`: a pitch of 150 to 405 Hz that the name decides."""
    pitch_hz = 150 + int(digest_bytes(name.encode())[:2], 16)
    times_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (8_000 * np.sin(2 * np.pi * pitch_hz * times_s)).astype(np.int16)
