"""Put decoded blocks together, in bounded memory whatever the header says.

A minute of eight channels at 384 kHz is 740 MB. What is above 48 kHz is brought down block by
block, so that a minute of eight channels is 92 MB at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from voxgate.audio.clipping import ClippingMeter
from voxgate.errors import RecordingError

__all__ = [
    "MAX_KEPT_RATE_HZ",
    "Blocks",
    "Collected",
    "DamagedError",
    "DecodingBounds",
    "Format",
    "check_format",
    "collect",
    "missing_s",
]

MAX_CHANNELS = 8
MAX_SAMPLE_RATE_HZ = 384_000
MAX_KEPT_RATE_HZ = 48_000
"""What is above is brought down while it is read."""

_MISSING_S = 0.1

Blocks = Iterator[NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class DecodingBounds:
    """What a recording must satisfy before its samples are worth memory."""

    max_duration_s: float
    min_sample_rate_hz: int


@dataclass(frozen=True, kw_only=True)
class Format:
    """What a header says. `announced`: samples a channel, of some containers an estimate."""

    sample_rate_hz: int
    channels: int
    announced: int


@dataclass(frozen=True, kw_only=True)
class Collected:
    """All blocks of a file.

    samples: (T, C) float32 at `sample_rate_hz`, empty if one is not finite.
    flattened: share of samples on flattened peaks, of each channel.
    missing_s: what the header announced and was not there, beyond a tolerance.
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    source_sample_rate_hz: int
    source_duration_s: float
    not_finite: int
    flattened: tuple[float, ...]
    missing_s: float


class DamagedError(Exception):
    """A decoder gave up after `decoded_s` of `announced_s`, which of some containers is a guess."""

    def __init__(self, decoded_s: float, announced_s: float, why: str) -> None:
        self.decoded_s, self.announced_s = decoded_s, announced_s
        super().__init__(why)


def collect(name: str, blocks: Blocks, format_: Format, bounds: DecodingBounds) -> Collected:
    """Read blocks of (T, C) to their end or soon after the bound.

    Raises:
        RecordingError: `too_long`, `sample_rate_too_low`, `unreadable` (an absurd format).
    """
    check_format(name, format_, min_sample_rate_hz=bounds.min_sample_rate_hz)
    rate = format_.sample_rate_hz
    limit = int(bounds.max_duration_s * rate)
    kept_rate = min(rate, MAX_KEPT_RATE_HZ)
    lower = (
        soxr.ResampleStream(rate, kept_rate, format_.channels, dtype="float32", quality="VHQ")
        if rate > kept_rate
        else None
    )
    parts = [np.zeros((0, format_.channels), dtype=np.float32)]
    meter = ClippingMeter(format_.channels)
    total = not_finite = 0
    for block in _until_damage(blocks, format_):
        total += len(block)
        if total > limit:
            raise RecordingError(
                "too_long",
                f"{name}: longer than {bounds.max_duration_s:g} s; split it at pauses, or raise "
                "ingest.max_recording_s",
            )
        not_finite += int(np.count_nonzero(~np.isfinite(block)))
        if not not_finite:
            meter.add(block)
            parts.append(block if lower is None else lower.resample_chunk(block))
    if lower is not None and not not_finite:
        parts.append(lower.resample_chunk(parts[0], last=True))
    samples = parts[0] if not_finite else np.concatenate(parts)
    return Collected(
        samples=samples,
        sample_rate_hz=kept_rate,
        source_sample_rate_hz=rate,
        source_duration_s=total / rate,
        not_finite=not_finite,
        flattened=meter.fractions,
        missing_s=missing_s(format_, total),
    )


def _until_damage(blocks: Blocks, format_: Format) -> Blocks:
    total = 0
    try:
        for block in blocks:
            yield block
            total += len(block)
    except Exception as error:
        rate = format_.sample_rate_hz
        raise DamagedError(total / rate, format_.announced / rate, str(error)) from error


def missing_s(format_: Format, total: int) -> float:
    """Return what was announced and was not there, 0 within a tolerance."""
    missing = format_.announced - total
    seconds = missing / format_.sample_rate_hz
    return seconds if seconds > _MISSING_S else 0.0


def check_format(name: str, format_: Format, *, min_sample_rate_hz: int) -> None:
    """Refuse what a header says, before anything is made of it.

    Raises:
        RecordingError: `sample_rate_too_low`, `unreadable` (an absurd format).
    """
    rate, channels = format_.sample_rate_hz, format_.channels
    if not 1 <= rate <= MAX_SAMPLE_RATE_HZ or not 1 <= channels <= MAX_CHANNELS:
        raise RecordingError(
            "unreadable",
            f"{name}: its header says {rate} Hz and {channels} channels; expected at most "
            f"{MAX_SAMPLE_RATE_HZ} Hz and 1 to {MAX_CHANNELS} channels; export it again",
        )
    if rate < min_sample_rate_hz:
        raise RecordingError(
            "sample_rate_too_low",
            f"{name}: {rate} Hz, need >= {min_sample_rate_hz} Hz; record or export it at a "
            "higher rate (resampling cannot give back what is missing), or lower "
            "ingest.min_source_sample_rate_hz",
        )
