"""Write a recording of any length as mono samples, at its own rate and at 16 kHz.

Two looks: one at the first minutes that are not silent, to choose the channel and see whether there
is an offset, and one at everything. Memory is bounded by the first. `spool` runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.channels import choose_channel
from voxgate.audio.clipping import ClippingMeter
from voxgate.audio.collecting import MAX_KEPT_RATE_HZ
from voxgate.audio.offset import OffsetFilter, find_offset, remove_offset
from voxgate.audio.resampling import mix_down
from voxgate.audio.sample_files import SampleWriter
from voxgate.audio.streaming import SoundStream, stream_sound
from voxgate.types import Wave

__all__ = ["Spooled", "write_samples"]

_LOOK_S = 120.0
_LOOK_SAMPLES = 16_000_000
"""Of all channels together: 64 MB, three minutes of stereo at 44.1 kHz."""

_SILENT_PEAK = 1e-4


@dataclass(frozen=True, kw_only=True)
class Spooled:
    """What was written, and what the recording was; see `spool.SpoolFacts`."""

    container: str
    source_sample_rate_hz: int
    source_channels: int
    sample_rate_hz: int
    n_samples: int
    n_native: int
    clipped_fraction: float
    actions: tuple[str, ...]
    cut_short: str | None


def write_samples(
    path: Path, folder: Path, *, min_sample_rate_hz: int, tell: Callable[[float], None]
) -> Spooled:
    """Write the samples of `path` into `folder`; `tell` hears how many seconds are done.

    Samples above full scale, which float files and decoders of lossy formats have, are brought
    back by one gain for the whole recording, for which it is read once more.

    Raises:
        RecordingError: see `stream_sound`; and `not_finite`.
        StorageError: the disk refused.
    """
    with stream_sound(path, min_sample_rate_hz=min_sample_rate_hz) as stream:
        plan = _look(stream, tell)
    gain = 1.0
    while True:
        with stream_sound(path, min_sample_rate_hz=min_sample_rate_hz) as stream:
            written = _write(stream, folder, plan, gain, tell)
        if written.peak <= 1.0 or gain != 1.0:
            return _describe(stream, plan, written)
        gain = 1.0 / written.peak


@dataclass(frozen=True)
class _Plan:
    """How one channel is made: the mean of those that are used, without its offset."""

    rate: int
    used: list[int]
    offset: float | None
    action: str | None

    @property
    def kept_rate(self) -> int:
        return min(self.rate, MAX_KEPT_RATE_HZ)


@dataclass(frozen=True)
class _Written:
    n_heard: int
    n_native: int
    peak: float
    clipped_fraction: float


def _look(stream: SoundStream, tell: Callable[[float], None]) -> _Plan:
    """Choose by the first minutes that are not silent."""
    rate, channels = stream.format.sample_rate_hz, stream.format.channels
    wanted = int(min(_LOOK_S * rate, _LOOK_SAMPLES / channels))
    parts, held = [np.zeros((0, channels), dtype=np.float32)], 0
    for block in stream.blocks():
        tell(0.0)
        if np.abs(block).max() > _SILENT_PEAK:
            parts.append(block)
            held += len(block)
        if held >= wanted:
            break
    seen = np.concatenate(parts)
    level = seen.copy()
    remove_offset(level, rate)
    chosen = choose_channel(level, rate)
    used = list(chosen.used) if held else list(range(channels))
    offset = find_offset(mix_down(seen[:, used])) if held else None
    return _Plan(rate, used, offset, chosen.action)


def _write(
    stream: SoundStream, folder: Path, plan: _Plan, gain: float, tell: Callable[[float], None]
) -> _Written:
    clipping, peak = ClippingMeter(len(plan.used)), 0.0
    mend = None if plan.offset is None else OffsetFilter(plan.offset, plan.rate)
    with SampleWriter(folder, plan.rate, plan.kept_rate) as writer:
        for block in stream.blocks():
            used: NDArray[np.float32] = block[:, plan.used]
            clipping.add(used)
            wave: Wave = mix_down(used) if mend is None else mend(mix_down(used))
            peak = max(peak, float(np.abs(wave).max()))
            writer.add(wave * np.float32(gain))
            tell(stream.seconds)
    return _Written(writer.n_heard, writer.n_native, peak, max(clipping.fractions))


def _describe(stream: SoundStream, plan: _Plan, written: _Written) -> Spooled:
    actions = [*stream.file.actions]
    if written.peak > 1.0:
        actions.append("over_full_scale")
    if plan.offset is not None:
        actions.append("offset_removed")
    if plan.action:
        actions.append(plan.action)
    return Spooled(
        container=stream.file.container,
        source_sample_rate_hz=plan.rate,
        source_channels=stream.format.channels,
        sample_rate_hz=plan.kept_rate,
        n_samples=written.n_heard,
        n_native=written.n_native,
        clipped_fraction=written.clipped_fraction,
        actions=tuple(actions),
        cut_short=stream.cut_short,
    )
