"""A voice without a network: it plays tones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voxgate.errors import VoiceError
from voxgate.text.spoken_length import spoken_letters
from voxgate.types import Speech, Wave


@dataclass
class ToneVoice:
    """Implements ports.Voice with a tone whose length follows the text and whose pitch the seed.

    `refuses` holds texts that it cannot speak; `calls` what it was asked for.
    """

    sample_rate_hz: int = 16_000
    letters_per_s: float = 12.0
    refuses: set[str] = field(default_factory=set)
    calls: list[tuple[str, int]] = field(default_factory=list)

    def speak(self, text: str, *, seed: int) -> Speech:
        self.calls.append((text, seed))
        if text in self.refuses:
            raise VoiceError(f"told not to speak {text!r}")
        return Speech(wave=self.wave(text, seed), sample_rate_hz=self.sample_rate_hz)

    def wave(self, text: str, seed: int) -> Wave:
        seconds = max(0.5, spoken_letters(text) / self.letters_per_s)
        time_s = np.arange(int(seconds * self.sample_rate_hz)) / self.sample_rate_hz
        pitch_hz = 120 + seed % 200
        wave: Wave = (0.3 * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32)
        return wave
