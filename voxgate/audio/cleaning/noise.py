"""Take down steady noise by spectral gating (noisereduce), learnt from the clip's own pauses."""

from __future__ import annotations

import numpy as np

from voxgate.types import Wave

__all__ = ["reduce_noise"]

_BLOCK_S = 0.05
_QUIET_PERCENTILE = 15.0
_ABOVE_QUIET_DB = 6.0
_LOUD_PERCENTILE = 95.0
_BELOW_SPEECH_DB = 10.0
_MIN_NOISE_S = 0.2
_SHARE = 0.8
"""How much of the noise is taken away: all of it leaves speech in a void, with musical tones."""


def reduce_noise(wave: Wave, sample_rate_hz: int) -> Wave | None:
    """Return a wave (T,) with less noise; None where no pause is long enough to learn it from."""
    noise = _pauses(wave, sample_rate_hz)
    if len(noise) < _MIN_NOISE_S * sample_rate_hz:
        return None
    from noisereduce import reduce_noise as gate

    cleaned = gate(
        y=wave, sr=sample_rate_hz, y_noise=noise, stationary=True, prop_decrease=_SHARE, n_jobs=1
    )
    return np.asarray(cleaned, dtype=np.float32)


def _pauses(wave: Wave, sample_rate_hz: int) -> Wave:
    """Return the blocks that are about as quiet as the quietest, behind each other."""
    size = round(_BLOCK_S * sample_rate_hz)
    blocks = wave[: len(wave) // size * size].reshape(-1, size)  # (N, T)
    if len(blocks) == 0:
        return wave[:0]
    levels_db = 10 * np.log10(np.mean(np.square(blocks), axis=1) + 1e-12)  # (N,)
    bound_db = float(np.percentile(levels_db, _QUIET_PERCENTILE)) + _ABOVE_QUIET_DB
    if bound_db > float(np.percentile(levels_db, _LOUD_PERCENTILE)) - _BELOW_SPEECH_DB:
        return wave[:0]  # the quietest that there is may be speech
    quiet: Wave = blocks[levels_db <= bound_db].reshape(-1)
    return quiet
