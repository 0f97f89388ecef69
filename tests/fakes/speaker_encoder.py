"""A speaker encoder that knows who speaks because a test told it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.fakes.recogniser import wave_digest
from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError
from voxgate.evaluation.sound.windows import WINDOW_S
from voxgate.types import HEARING_RATE_HZ, Embeddings, EvaluatorIdentity, Wave


@dataclass
class FakeSpeakerEncoder:
    """Implements ports.SpeakerEncoder; waves are recognised by content.

    Script it with `fake.speaks(wave, "alice")`: waves of one speaker have a cosine of about
    1 / (1 + spread**2), waves of different speakers one near 0. A window of a scripted wave
    belongs to its speaker, any other wave to a speaker of its own.
    """

    name: str = "fake-speaker-encoder"
    weights_sha256: str = "e" * 64
    dimensions: int = 64
    spread: float = 0.3
    min_s: float = 0.3
    speakers: dict[str, str] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    audio: dict[bytes, str] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(
            name=self.name, weights_sha256=self.weights_sha256, options={"fake": True}
        )

    def speaks(self, wave: Wave, speaker: str) -> None:
        self.speakers[wave_digest(wave)] = speaker
        self.audio[wave.tobytes()] = speaker

    def fails_on(self, wave: Wave) -> None:
        self.failing.add(wave_digest(wave))

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        check_waves(waves, min_s=self.min_s, audible=True)
        self.calls.append(len(waves))
        rows = np.zeros((len(waves), self.dimensions), dtype=np.float32)
        for row, wave in zip(rows, waves, strict=True):
            digest = wave_digest(wave)
            if digest in self.failing:
                raise EvaluatorError(f"wave {digest[:8]}: scripted failure")
            speaker = self.speakers.get(digest) or self._speaker_of_window(wave) or digest
            vector = _direction(speaker, self.dimensions)
            vector += self.spread * _direction(digest, self.dimensions)
            row[:] = vector / np.linalg.norm(vector)
        return rows

    def _speaker_of_window(self, wave: Wave) -> str | None:
        if len(wave) != round(WINDOW_S * HEARING_RATE_HZ):
            return None
        part = wave.tobytes()
        return next((speaker for audio, speaker in self.audio.items() if part in audio), None)


def _direction(name: str, dimensions: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(dimensions)
    return vector / np.linalg.norm(vector)
