"""Bring a caller's recording of a speaker to the length that a voice can use: 3 to 10 s.

Shorter ones are refused, longer ones are cut at a pause; what was done is said. The bounds are
those of GPT-SoVITS (docs/gpt_sovits.md 7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voxgate.audio.offset import without_offset
from voxgate.audio.silence import HOP_S, find_sound, frame_levels_db
from voxgate.errors import ReferenceAudioError
from voxgate.types import Wave

__all__ = ["MAX_REFERENCE_S", "MIN_REFERENCE_S", "FittedAudio", "fit_reference_audio"]

MIN_REFERENCE_S = 3.0
MAX_REFERENCE_S = 10.0
_EARLIEST_CUT_S = 5.0
"""A cut leaves at least so much, unless there is no pause after it."""

_PAUSE_S = 0.15
_PAUSE_BELOW_LOUD_DB = 30.0
_LOUD_PERCENTILE = 95.0
_MAX_DIVISOR = 2.0
"""A wave that exceeds [-1, 1] is divided by its peak, but by no more than this, then clipped."""


@dataclass(frozen=True, kw_only=True)
class FittedAudio:
    """A recording of 3 to 10 s."""

    wave: Wave
    trimmed: bool
    """Whether something was cut off: a text of the whole no longer fits."""

    actions: tuple[str, ...]
    """What was done to it, in words."""


def fit_reference_audio(wave: Wave, sample_rate_hz: int) -> FittedAudio:
    """Check a recording, bound its level and, if it is long, cut it at a pause.

    Raises:
        ReferenceAudioError: it is shorter than 3 s, silent, not mono or not made of numbers.
    """
    wave = np.asarray(wave, dtype=np.float32)
    actions = []
    _check_samples(wave)
    level = without_offset(wave, sample_rate_hz)
    if level is not wave:
        wave = level
        actions.append("a constant offset was removed")
    _check_sound(wave, sample_rate_hz)
    peak = float(np.abs(wave).max())
    if peak > 1.0:
        wave = np.clip(wave / min(peak, _MAX_DIVISOR), -1.0, 1.0)
        actions.append(f"level lowered: its peak was {peak:.2f}, above 1")
    duration_s = len(wave) / sample_rate_hz
    if duration_s <= MAX_REFERENCE_S:
        return FittedAudio(wave=wave, trimmed=False, actions=tuple(actions))
    cut_s, at_pause = _cut_point(wave, sample_rate_hz)
    where = "at a pause" if at_pause else "at its quietest moment, for it has no pause"
    actions.append(f"cut from {duration_s:.1f} s to {cut_s:.1f} s, {where}")
    return FittedAudio(
        wave=wave[: round(cut_s * sample_rate_hz)], trimmed=True, actions=tuple(actions)
    )


def _check_samples(wave: Wave) -> None:
    if wave.ndim != 1:
        raise ReferenceAudioError(
            f"reference recording: expected one channel (T,), got shape {wave.shape}; mix it down"
        )
    if not np.isfinite(wave).all():
        raise ReferenceAudioError(
            "reference recording: it holds samples that are not numbers; decode it again"
        )


def _check_sound(wave: Wave, sample_rate_hz: int) -> None:
    duration_s = len(wave) / sample_rate_hz
    if duration_s < MIN_REFERENCE_S:
        raise ReferenceAudioError(
            f"reference recording: {duration_s:.2f} s at {sample_rate_hz} Hz, need "
            f"{MIN_REFERENCE_S:g} to {MAX_REFERENCE_S:g} s: a shorter one does not show the "
            "timbre; record a longer one, or join several of the same speaker"
        )
    sound = find_sound(wave, sample_rate_hz)
    if sound.start == sound.end:
        raise ReferenceAudioError("reference recording: there is no sound in it; record it again")


def _cut_point(wave: Wave, sample_rate_hz: int) -> tuple[float, bool]:
    """Return the middle of the last pause that leaves 3 to 10 s, and whether there was one."""
    levels = frame_levels_db(wave, sample_rate_hz)
    size = round(_PAUSE_S / HOP_S)
    loudest = np.lib.stride_tricks.sliding_window_view(levels, size).max(axis=1)
    middles_s = (np.arange(len(loudest)) + size / 2) * HOP_S
    quiet = loudest < np.percentile(levels, _LOUD_PERCENTILE) - _PAUSE_BELOW_LOUD_DB
    for earliest_s in (_EARLIEST_CUT_S, MIN_REFERENCE_S):
        pauses = np.flatnonzero(quiet & (middles_s >= earliest_s) & (middles_s <= MAX_REFERENCE_S))
        if len(pauses):
            return float(middles_s[pauses[-1]]), True
    allowed = np.flatnonzero((middles_s >= _EARLIEST_CUT_S) & (middles_s <= MAX_REFERENCE_S))
    return float(middles_s[allowed[np.argmin(loudest[allowed])]]), False
