"""How far the sound may lie from a rival's and from the speaker's own recordings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voxgate.evaluation.sound.catalogue import CATALOGUE, Measure

__all__ = [
    "CRITICAL",
    "CRITICAL_MARGIN",
    "OUTLIER_ALPHA",
    "SOUND_LIMITS",
    "Range",
    "SoundLimit",
    "as_compared",
    "find_own",
    "find_ranges",
]

CRITICAL = "critical"
"""Names the rate of words that must not change and were not heard, beside the measures."""

CRITICAL_MARGIN = 0.02
"""Smallest margin: as for WER, twice as wide, since these words are few."""

OUTLIER_ALPHA = 0.01
"""Level of McNemar's test on outliers: 7:0, 10:1 or 12:2 prompts. Smaller than that of
catastrophes, because one outlier of fifteen measures is no catastrophe."""


@dataclass(frozen=True, kw_only=True)
class SoundLimit:
    """How one measure of the sound is judged.

    Attributes:
        code: stem of its criteria.
        margin: the smallest margin beside a rival; about what a listener would notice.
        widened: how far past the 1st and 99th percentile of the speaker's recordings a sample, and
            the mean, may lie on the side that is worse.
        bounds: replaces that range where recordings were levelled and trimmed when they came in,
            so that theirs say nothing.
        heard: a sample counts for no less and no more beside a rival; None is for what it is.
        why: where the numbers come from.
    """

    code: str
    margin: float
    widened: float = 0.0
    bounds: tuple[float, float] | None = None
    heard: tuple[float, float] | None = None
    why: str


@dataclass(frozen=True)
class Range:
    """Where a measure may lie; infinite on a side that cannot be worse."""

    low: float = -math.inf
    high: float = math.inf


SOUND_LIMITS: Mapping[str, SoundLimit] = {
    "level_lufs": SoundLimit(
        code="level", margin=1.5, bounds=(-30.0, -14.0),
        why="a step of 1 dB is just heard; below -30 LUFS a voice is faint beside any other "
        "source, -14 is the loudest that is published"),
    "clipped_share": SoundLimit(
        code="clipping", margin=0.0005, widened=0.001,
        why="a recording with a share of .001 is turned away by validation"),
    "dc_offset": SoundLimit(
        code="dc_offset", margin=0.005, widened=0.01,
        why="-40 dB of full scale costs headroom and clicks at joins; recordings have .001"),
    "head_s": SoundLimit(
        code="head", margin=0.1, bounds=(-math.inf, 1.0),
        why="a tenth of a second of delay is noticed; recordings were trimmed"),
    "tail_s": SoundLimit(
        code="tail", margin=0.15, bounds=(-math.inf, 1.0),
        why="more than a second after the last word is no breath; recordings were trimmed"),
    "pause_s": SoundLimit(
        code="pause", margin=0.1, widened=0.3,
        why="a comma lasts .2 to .5 s: one more of those is heard as a gap"),
    "outside_db": SoundLimit(
        code="outside", margin=3.0, widened=10.0, heard=(-45.0, -20.0),
        why="3 dB are clearly heard; a vocoder's floor is not that of a microphone. Below -45 dB "
        "lies the noise of a quiet room; above -20 dB one wrong word time looks like speech, and "
        "what is truly that loud is counted as an outlier"),
    "background_db": SoundLimit(
        code="background", margin=3.0, widened=5.0,
        why="as outside the words; recordings spread over 30 dB already"),
    "clicks_per_s": SoundLimit(
        code="clicks", margin=0.25, widened=2.0,
        why="one click in a sentence of four seconds is noticed"),
    "pace": SoundLimit(
        code="pace", margin=0.7, widened=2.0,
        why="5 % of 14 letters a second is just noticed, 20 % are 2.8; a sound voice read 13 % "
        "faster than its speaker"),
    "pitch_range_st": SoundLimit(
        code="pitch_range", margin=1.0, widened=3.0,
        why="recordings range over 8 to 11 semitones, and monotone speech over none"),
    "bandwidth_hz": SoundLimit(
        code="bandwidth", margin=250.0, widened=2000.0,
        why="recordings reach past 7 kHz and the telephone 3.4; a vocoder is duller than they are"),
    "similarity_low": SoundLimit(
        code="similarity_low", margin=0.02, widened=0.15,
        why="as the mean similarity; a window is less alike than a whole clip"),
    "quality": SoundLimit(
        code="quality", margin=0.1, widened=0.7,
        why="listeners tell .1 MOS apart in the mean of many; .7 is the step from good to fair"),
    "quality_noise": SoundLimit(
        code="quality_noise", margin=0.1, widened=0.7, why="as the overall quality"),
}  # fmt: skip
"""By the name of the measure. Margins are widened by calibration and never narrowed."""


def as_compared(name: str, value: float) -> float:
    """Return what a sample's value of a measure counts for beside a rival."""
    low, high = SOUND_LIMITS[name].heard or (-math.inf, math.inf)
    return min(max(value, low), high)


def find_own(ceiling: Mapping[str, Any]) -> dict[str, Range]:
    """Return what the speaker's recordings have of each measure, without any widening.

    That is from their 1st to their 99th percentile, on the sides that can be worse.
    """
    found = {measure: ceiling["sound"][measure.name] for measure in CATALOGUE}
    return {each.name: _where_worse(each, real["p1"], real["p99"]) for each, real in found.items()}


def find_ranges(ceiling: Mapping[str, Any]) -> dict[str, Range]:
    """Return where each measure may lie, by name, from what the speaker's recordings have.

    Expects a ceiling that was found whole (`provenance`).
    """
    ranges = {}
    for measure in CATALOGUE:
        limit = SOUND_LIMITS[measure.name]
        real = ceiling["sound"][measure.name]
        low, high = limit.bounds or (real["p1"] - limit.widened, real["p99"] + limit.widened)
        ranges[measure.name] = _where_worse(measure, round(low, 6), round(high, 6))
    return ranges


def _where_worse(measure: Measure, low: float, high: float) -> Range:
    return Range(
        low=-math.inf if measure.worse == "higher" else low,
        high=math.inf if measure.worse == "lower" else high,
    )
