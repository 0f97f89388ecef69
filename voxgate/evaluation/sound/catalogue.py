"""What is measured of the sound of each sample, in which unit, and which way is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["CATALOGUE", "MEASURES", "Measure", "Worse"]

Worse = Literal["higher", "lower", "either"]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure of a sample. `worse` says in which direction a voice can be too far off."""

    name: str
    title: str
    unit: str
    worse: Worse


CATALOGUE = (
    Measure(name="level_lufs", title="level of active speech", unit="LUFS", worse="either"),
    Measure(name="clipped_share", title="clipped samples", unit="share", worse="higher"),
    Measure(name="dc_offset", title="DC offset", unit="of full scale", worse="higher"),
    Measure(name="head_s", title="time before the first word", unit="s", worse="higher"),
    Measure(name="tail_s", title="time after the last word", unit="s", worse="higher"),
    Measure(name="pause_s", title="longest pause between words", unit="s", worse="higher"),
    Measure(name="outside_db", title="outside the words", unit="dB of speech", worse="higher"),
    Measure(name="background_db", title="quietest tenth", unit="dB of speech", worse="higher"),
    Measure(name="clicks_per_s", title="clicks", unit="1/s", worse="higher"),
    Measure(name="pace", title="letters a second of speech", unit="1/s", worse="either"),
    Measure(name="pitch_range_st", title="range of the pitch", unit="semitones", worse="either"),
    Measure(name="bandwidth_hz", title="bandwidth", unit="Hz", worse="lower"),
    Measure(name="similarity_low", title="least similar window", unit="cosine", worse="lower"),
    Measure(name="quality", title="predicted quality (DNSMOS, overall)", unit="MOS", worse="lower"),
    Measure(name="quality_noise", title="DNSMOS, background", unit="MOS", worse="lower"),
)  # fmt: skip
"""In the order of reports."""

MEASURES = tuple(measure.name for measure in CATALOGUE)
