"""What comes out of S2, checked."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from voxgate.errors import VoiceError
from voxgate.types import Wave
from voxgate.voice.card import VoiceCard

__all__ = ["checked_wave"]


def checked_wave(decoded: Tensor, card: VoiceCard) -> Wave:
    """Return (N,) samples as a wave.

    Raises:
        VoiceError: they are not numbers: the training of this voice went wrong.
    """
    wave = np.asarray(decoded.cpu().numpy(), dtype=np.float32)
    if not np.isfinite(wave).all():
        raise VoiceError(
            f"the voice {card.speaker_id} (steps {card.steps.s1}/{card.steps.s2}) produced samples "
            "that are not numbers; train it again with a lower learning rate"
        )
    return wave
