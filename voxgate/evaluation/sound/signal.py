"""The signal itself: level, damage, clicks, bandwidth."""

from __future__ import annotations

import numpy as np

from voxgate.audio.clipping import ClippingMeter
from voxgate.audio.loudness import ABSOLUTE_GATE_LUFS, measure_loudness
from voxgate.audio.silence import HOP_S
from voxgate.corpus.validation.quality import measure_bandwidth_hz
from voxgate.evaluation.sound.spans import Spans
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["bandwidth_hz", "clicks_per_s", "clipped_share", "dc_offset", "level_lufs"]

_ORDER = 4
_BLOCK = 320  # samples, 20 ms
_CLICK = 20.0
"""Times the median difference around it; the pulses of a voice and noise stay below."""

_CLICK_FLOOR = 0.01  # of full scale: below, it is no click but dither
_APART = 160  # samples, 10 ms: nearer outliers are one event
_WIDEST = 24  # samples, 1.5 ms: what lasts longer is the onset of a sound


def level_lufs(wave: Wave, spans: Spans | None) -> float:
    """Return the loudness (BS.1770) of active speech, or of the whole without a word in it.

    Silence has the level of the absolute gate, -70.
    """
    active = wave if spans is None else wave[_active(spans, len(wave))]
    lufs = measure_loudness(active, HEARING_RATE_HZ).lufs
    return ABSOLUTE_GATE_LUFS if lufs is None else lufs


def clipped_share(wave: Wave) -> float:
    """Return the share of samples in flattened peaks."""
    meter = ClippingMeter(channels=1)
    meter.add(wave[:, None])
    return meter.fractions[0]


def dc_offset(wave: Wave) -> float:
    """Return how far the mean is from zero."""
    return abs(float(wave.mean(dtype=np.float64)))


def clicks_per_s(wave: Wave) -> float:
    """Return how many isolated impulses a second there are.

    An impulse is an outlier of the fourth difference, which knows no voice: against the median of
    the 20 ms around it, so that a loud fricative is none.
    """
    if len(wave) < _BLOCK + _ORDER:
        return 0.0
    steps = np.abs(np.diff(wave.astype(np.float64), n=_ORDER))
    usable = len(steps) - len(steps) % _BLOCK
    blocks = steps[:usable].reshape(-1, _BLOCK)
    usual = np.median(blocks, axis=1)
    around = usual.copy()
    around[1:] = np.maximum(around[1:], usual[:-1])
    around[:-1] = np.maximum(around[:-1], usual[1:])
    bound = np.maximum(_CLICK * around, _CLICK_FLOOR)
    found = np.flatnonzero(blocks > bound[:, None])
    if len(found) == 0:
        return 0.0
    events = np.split(found, np.flatnonzero(np.diff(found) > _APART) + 1)
    clicks = sum(1 for event in events if event[-1] - event[0] <= _WIDEST)
    return clicks / (len(wave) / HEARING_RATE_HZ)


def bandwidth_hz(wave: Wave) -> float:
    """Return up to where the spectrum of speech reaches."""
    return measure_bandwidth_hz(wave, HEARING_RATE_HZ)


def _active(spans: Spans, length: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    hop = round(HOP_S * HEARING_RATE_HZ)
    mask = np.repeat(spans.speech, hop)[:length]
    return np.pad(mask, (0, length - len(mask)))
