"""What can be wrong with speech, done to it on purpose: changes of a text or of a wave."""

from __future__ import annotations

import numpy as np

from voxgate.files import digest_bytes
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = [
    "NOISE_SNR_DB",
    "PITCH_SEMITONES",
    "TRUNCATED_SHARE",
    "WORDS_PER_FAULT",
    "add_noise",
    "drop_words",
    "repeat_words",
    "shift_pitch",
    "silence",
    "truncate",
]

WORDS_PER_FAULT = 5
NOISE_SNR_DB = 10.0
TRUNCATED_SHARE = 0.4
PITCH_SEMITONES = 2.0


def drop_words(text: str) -> str:
    """Leave out every fifth word, from the second on; one word alone stays.

    >>> drop_words("one two three four five six seven")
    'one three four five six'
    """
    kept = [word for index, word in enumerate(text.split()) if not _is_hit(index)]
    return " ".join(kept)


def repeat_words(text: str) -> str:
    """Say every fifth word twice, from the second on.

    >>> repeat_words("one two three")
    'one two two three'
    """
    words = text.split()
    return " ".join(
        f"{word} {word}" if _is_hit(index) else word for index, word in enumerate(words)
    )


def add_noise(wave: Wave) -> Wave:
    """Add white noise at 10 dB below the mean power of (T,) `wave`; the same for the same wave."""
    generator = np.random.default_rng(int(digest_bytes(wave.tobytes())[:16], 16))
    power = float(np.mean(np.square(wave, dtype=np.float64)))
    scale = (power / 10 ** (NOISE_SNR_DB / 10)) ** 0.5
    noisy: Wave = (wave + scale * generator.standard_normal(len(wave))).astype(np.float32)
    return np.clip(noisy, -1, 1)


def silence(wave: Wave) -> Wave:
    """Return silence as long as (T,) `wave`."""
    return np.zeros_like(wave)


def truncate(wave: Wave) -> Wave:
    """Cut off the last 40 % of (T,) `wave`."""
    return wave[: round((1 - TRUNCATED_SHARE) * len(wave))]


def shift_pitch(wave: Wave) -> Wave:
    """Raise (T,) `wave` at 16 kHz by two semitones, as long as before (phase vocoder)."""
    import librosa

    shifted: Wave = librosa.effects.pitch_shift(wave, sr=HEARING_RATE_HZ, n_steps=PITCH_SEMITONES)
    return np.clip(shifted, -1, 1).astype(np.float32)


def _is_hit(index: int) -> bool:
    return index % WORDS_PER_FAULT == 1
