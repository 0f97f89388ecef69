from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from voxgate.errors import TextError
from voxgate.pretraining.speech.teacher import Reading
from voxgate.types import HEARING_RATE_HZ
from voxgate.voice.speech_tokenizer import CodebookTokenizer


@dataclass
class ToneTeacher:
    """Reads each text as a tone whose pitch and length follow from the text and the voice."""

    refused: frozenset[str] = frozenset()
    fail_after: int | None = None
    shortest_s: float = 0.5
    readings: list[tuple[str, str, float]] = field(default_factory=list)

    def read(self, text: str, *, voice: str, speed: float) -> Reading:
        if self.fail_after is not None and len(self.readings) >= self.fail_after:
            raise KeyboardInterrupt
        if text in self.refused:
            raise TextError("a symbol that the teacher does not know")
        self.readings.append((text, voice, speed))
        draw = hashlib.sha256(f"{text}{voice}".encode()).digest()
        time_s = (
            np.arange(int((self.shortest_s + draw[0] / 512) * HEARING_RATE_HZ)) / HEARING_RATE_HZ
        )
        wave = 0.3 * np.sin(2 * np.pi * (100 + draw[1]) * time_s)
        return Reading(wave=wave.astype(np.float32), ipa="tˈo^ʊn.")


class WindowExtractor:
    """Implements LayerExtractor and FeatureExtractor: pictures of 320-sample windows."""

    sha256 = "ab" * 32

    def __init__(self) -> None:
        self.calls = 0

    def extract_layers(self, wave: np.ndarray) -> dict[str, np.ndarray]:
        self.calls += 1
        frames = -(-len(wave) // 320)
        padded = np.zeros(frames * 320, np.float32)
        padded[: len(wave)] = wave
        power = np.abs(np.fft.rfft(padded.reshape(frames, 320)))[:, :16].astype(np.float32)
        return {"sharp": power, "dull": power.mean(1, keepdims=True)}

    def extract(self, waves: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [self.extract_layers(wave)["sharp"] for wave in waves]


def tone_tokenizer() -> CodebookTokenizer:
    """Eight random codes over pictures of 640-sample windows."""
    random = np.random.default_rng(1)
    half = 0.5 * np.repeat(np.eye(16, dtype=np.float32)[:, :, None], 2, axis=2)
    return CodebookTokenizer(
        extractor=WindowExtractor(),
        sha256="cd" * 32,
        projection=half,
        bias=np.zeros(16, np.float32),
        embed=random.normal(size=(8, 16)).astype(np.float32),
        remove_mean=True,
    )


@pytest.fixture
def teacher() -> ToneTeacher:
    return ToneTeacher()
