"""Bring one recording into the form in which everything after works: mono PCM, one rate, one level.

Nothing here removes what was said: trimming and judging belong to `validate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.channels import choose_channel
from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.audio.loudness import find_gain, measure_loudness
from voxgate.audio.offset import remove_offset
from voxgate.audio.resampling import resample
from voxgate.audio.shards import to_pcm16

__all__ = ["PREPARATION_VERSION", "PreparationTarget", "PreparedAudio", "prepare_recording"]

PREPARATION_VERSION = 2
"""Raise it with every change that changes bytes: it is part of the cache's keys."""


@dataclass(frozen=True, kw_only=True)
class PreparationTarget:
    """The form that every recording is brought to, and what it must satisfy before."""

    sample_rate_hz: int
    loudness_lufs: float
    max_gain_db: float
    peak_ceiling_dbfs: float
    bounds: DecodingBounds


@dataclass(frozen=True, kw_only=True)
class PreparedAudio:
    """A prepared recording: pcm is (T,) int16; the rest says what it was and what was done."""

    pcm: NDArray[np.int16]
    sample_rate_hz: int
    source_sample_rate_hz: int
    source_channels: int
    source_duration_s: float
    source_loudness_lufs: float | None
    clipped_fraction: float
    gain_db: float
    actions: tuple[str, ...]


def prepare_recording(path: Path, target: PreparationTarget) -> PreparedAudio:
    """Decode, remove an offset, make one channel, resample, bring to the target loudness.

    Raises:
        RecordingError: the recording cannot be used; see `decode_file` for the codes.
    """
    decoded = decode_file(path, target.bounds)
    actions = list(decoded.actions)
    if float(np.abs(decoded.samples).max()) > 1.0:
        actions.append("over_full_scale")  # float samples: the gain below brings them back
    offset = remove_offset(decoded.samples, decoded.sample_rate_hz)
    mono = choose_channel(decoded.samples, decoded.sample_rate_hz)
    if set(offset) & set(mono.used):
        actions.append("offset_removed")
    if mono.action:
        actions.append(mono.action)
    wave = resample(mono.wave, decoded.sample_rate_hz, target.sample_rate_hz)
    if decoded.source_sample_rate_hz != target.sample_rate_hz:
        actions.append("resampled")
    loudness = measure_loudness(wave, target.sample_rate_hz)
    if loudness.by_rms:
        actions.append("loudness_by_rms")
    if loudness.lufs is None:
        actions.append("silent")
    gain = find_gain(
        wave,
        loudness,
        target_lufs=target.loudness_lufs,
        max_gain_db=target.max_gain_db,
        ceiling_dbfs=target.peak_ceiling_dbfs,
    )
    if gain.db != 0.0:
        wave = wave * np.float32(10.0 ** (gain.db / 20.0))
        actions.append("gained")
    if gain.limited_by:
        actions.append(f"gain_limited:{gain.limited_by}")
    return PreparedAudio(
        pcm=to_pcm16(wave),
        sample_rate_hz=target.sample_rate_hz,
        source_sample_rate_hz=decoded.source_sample_rate_hz,
        source_channels=decoded.samples.shape[1],
        source_duration_s=decoded.source_duration_s,
        source_loudness_lufs=loudness.lufs,
        clipped_fraction=max(decoded.flattened[channel] for channel in mono.used),
        gain_db=gain.db,
        actions=tuple(actions),
    )
