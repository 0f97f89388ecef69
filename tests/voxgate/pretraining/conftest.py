from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pytest

from voxgate.errors import TextError
from voxgate.pretraining.teacher import SAMPLE_RATE_HZ, Reading


@dataclass
class ToneTeacher:
    """Reads each text as a tone whose pitch and length follow from the text and the voice."""

    refused: frozenset[str] = frozenset()
    fail_after: int | None = None
    readings: list[tuple[str, str, float]] = field(default_factory=list)

    def read(self, text: str, *, voice: str, speed: float) -> Reading:
        if self.fail_after is not None and len(self.readings) >= self.fail_after:
            raise KeyboardInterrupt
        if text in self.refused:
            raise TextError("a symbol that the teacher does not know")
        self.readings.append((text, voice, speed))
        draw = hashlib.sha256(f"{text}{voice}".encode()).digest()
        time_s = np.arange(int((0.5 + draw[0] / 512) * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        wave = 0.3 * np.sin(2 * np.pi * (100 + draw[1]) * time_s)
        return Reading(wave=wave.astype(np.float32), ipa="tˈo^ʊn.")


@pytest.fixture
def teacher() -> ToneTeacher:
    return ToneTeacher()
