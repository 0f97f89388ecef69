from __future__ import annotations

import numpy as np

from voxgate.speaking.manner import MannerVoice
from voxgate.speaking.options import SpeakingOptions
from voxgate.types import Speech


class Told:
    """Remembers how it was told to speak."""

    sample_rate_hz = 16_000

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, SpeakingOptions]] = []

    def speak(self, text: str, *, seed: int, options: SpeakingOptions) -> Speech:
        self.calls.append((text, seed, options))
        return Speech(
            wave=np.zeros(4, dtype=np.float32), sample_rate_hz=16_000, stopped_by_limit=False
        )


def test_every_text_is_spoken_with_the_same_options() -> None:
    voice, slow = Told(), SpeakingOptions(speed=0.5)
    manner = MannerVoice(voice, slow)
    assert manner.sample_rate_hz == 16_000
    assert len(manner.speak("one", seed=1).wave) == 4
    manner.speak("two", seed=2)
    assert voice.calls == [("one", 1, slow), ("two", 2, slow)]
