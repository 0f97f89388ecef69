"""How a recording becomes a reference: one versioned recipe, so that two profiles compare.

one channel → 16 kHz → no offset → silence off the ends → 3 to 10 s → active level −20 dBFS
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.channels import choose_channel
from voxgate.audio.offset import remove_offset
from voxgate.audio.reference_audio import (
    MAX_REFERENCE_S,
    MIN_REFERENCE_S,
    fit_reference_audio,
)
from voxgate.audio.resampling import resample
from voxgate.audio.shards import to_pcm16
from voxgate.audio.silence import find_sound, frame_levels_db, trim_bounds
from voxgate.files import digest_json
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["REFERENCE_1", "PreparedRecording", "Recipe", "active_level_dbfs", "prepare_recording"]

_LOUD_PERCENTILE = 95.0
_ACTIVE_BELOW_LOUD_DB = 20.0
"""What is this far below the loud frames is a pause and has no part in the level of speech."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The constants of one version of the preprocessing; a change of any is a new name."""

    name: str
    sample_rate_hz: int
    min_duration_s: float
    max_duration_s: float
    max_silence_s: float
    keep_silence_s: float
    active_level_dbfs: float
    peak_ceiling_dbfs: float

    @property
    def digest(self) -> str:
        """Name the recipe by everything that it says."""
        return digest_json(asdict(self))


REFERENCE_1 = Recipe(
    name="reference-1",
    sample_rate_hz=HEARING_RATE_HZ,
    min_duration_s=MIN_REFERENCE_S,
    max_duration_s=MAX_REFERENCE_S,
    max_silence_s=0.3,
    keep_silence_s=0.2,
    active_level_dbfs=-20.0,
    peak_ceiling_dbfs=-1.0,
)


@dataclass(frozen=True, kw_only=True)
class PreparedRecording:
    """A recording after the recipe; what is too short, or silent, is left for the checks to say.

    whole: (T,) float32 at the recipe's rate, before anything was cut: noise is measured in it.
    pcm: (N,) int16 at that rate, what a voice is given.
    """

    whole: Wave = field(repr=False)
    pcm: NDArray[np.int16] = field(repr=False)
    sample_rate_hz: int
    used_channels: tuple[int, ...]
    cut: bool
    """Whether speech was cut off: a text of the whole no longer fits."""

    actions: tuple[str, ...]
    """What was done, in words."""

    @property
    def duration_s(self) -> float:
        """Length of the reference in seconds."""
        return len(self.pcm) / self.sample_rate_hz


def prepare_recording(
    samples: NDArray[np.float32], sample_rate_hz: int, recipe: Recipe = REFERENCE_1
) -> PreparedRecording:
    """Apply the recipe to (T, C) finite samples; the same samples give the same PCM."""
    rate = recipe.sample_rate_hz
    actions: list[str] = []
    samples = samples.copy()  # the filter below works in place
    offset = remove_offset(samples, sample_rate_hz)
    chosen = choose_channel(samples, sample_rate_hz)
    if set(offset) & set(chosen.used):
        actions.append("a constant offset was removed")
    if chosen.action is not None:
        actions.append(f"one channel made of {samples.shape[1]}: {chosen.action}")
    if sample_rate_hz != rate:
        actions.append(f"resampled from {sample_rate_hz} to {rate} Hz")
    whole = resample(chosen.wave, sample_rate_hz, rate)
    wave = _trimmed(whole, recipe, actions)
    cut = False
    if len(wave) > recipe.max_duration_s * rate and _has_sound(wave, rate):
        fitted = fit_reference_audio(wave, rate)
        wave, cut = fitted.wave, fitted.trimmed
        actions += fitted.actions
    return PreparedRecording(
        whole=whole,
        pcm=to_pcm16(_levelled(wave, recipe, actions)),
        sample_rate_hz=rate,
        used_channels=chosen.used,
        cut=cut,
        actions=tuple(actions),
    )


def active_level_dbfs(wave: Wave, sample_rate_hz: int) -> float | None:
    """Return the mean level of the frames that are within 20 dB of the loud ones; None of silence.

    A stand-in for the active speech level of ITU-T P.56 that needs no state.
    """
    if not _has_sound(wave, sample_rate_hz):
        return None
    levels = frame_levels_db(wave, sample_rate_hz)
    active = levels[levels > np.percentile(levels, _LOUD_PERCENTILE) - _ACTIVE_BELOW_LOUD_DB]
    return float(10.0 * np.log10(np.mean(10.0 ** (active / 10.0))))


def _has_sound(wave: Wave, sample_rate_hz: int) -> bool:
    bounds = find_sound(wave, sample_rate_hz)
    return bounds.start != bounds.end


def _trimmed(wave: Wave, recipe: Recipe, actions: list[str]) -> Wave:
    rate = recipe.sample_rate_hz
    start, end = trim_bounds(
        find_sound(wave, rate),
        rate,
        max_silence_s=recipe.max_silence_s,
        keep_silence_s=recipe.keep_silence_s,
    )
    if (start, end) != (0, len(wave)):
        gone_s = (len(wave) - end + start) / rate
        actions.append(f"{gone_s:.2f} s of silence trimmed off the ends")
    return wave[start:end]


def _levelled(wave: Wave, recipe: Recipe, actions: list[str]) -> Wave:
    level = active_level_dbfs(wave, recipe.sample_rate_hz)
    if level is None:
        return wave
    peak_dbfs = 20.0 * float(np.log10(np.abs(wave).max()))
    wanted_db, headroom_db = recipe.active_level_dbfs - level, recipe.peak_ceiling_dbfs - peak_dbfs
    gain_db = min(wanted_db, headroom_db)
    limited = ", bounded by its peaks" if headroom_db < wanted_db else ""
    actions.append(f"level changed by {gain_db:+.1f} dB{limited}")
    return wave * np.float32(10.0 ** (gain_db / 20.0))
