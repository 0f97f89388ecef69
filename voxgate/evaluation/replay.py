"""The replay voice: known recordings instead of a network, to prove what comes after training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voxgate.errors import VoiceError
from voxgate.types import Speech, Wave

__all__ = ["REPLAY", "TRAINED", "ReplayVoice", "voice_kind"]

TRAINED = "trained"
REPLAY = "replay"


def voice_kind(card: Mapping[str, Any]) -> str:
    """Return the kind that a voice's card states; a card that states none is of a trained voice."""
    return str(card.get("kind", TRAINED))


@dataclass(frozen=True)
class ReplayVoice:
    """Implements ports.Voice by playing recordings.

    `recordings` has by text either one wave, whatever the seed, or one a seed.
    """

    recordings: Mapping[str, Wave | Mapping[int, Wave]] = field(repr=False)
    sample_rate_hz: int = 16_000

    def speak(self, text: str, *, seed: int) -> Speech:
        """Play the recording of `text`.

        Raises:
            VoiceError: there is none.
        """
        found = self.recordings.get(text)
        wave = found if found is None or isinstance(found, np.ndarray) else found.get(seed)
        if wave is None:
            raise VoiceError(f"no recording of {text!r} for seed {seed}")
        return Speech(wave=wave, sample_rate_hz=self.sample_rate_hz)
