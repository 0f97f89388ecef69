"""One line that a voice spoke, as it is judged and kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.resampling import resample
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.files import digest_bytes
from voxgate.ports import Voice
from voxgate.types import HEARING_RATE_HZ, Speech, Wave

__all__ = ["Line", "Spoken", "speak_line", "unspoken"]

_SHORTEST_S = 0.5
"""Shorter audio cannot hold a prompt and has no measurable speaker; it counts as empty."""

_AUDIBLE_PEAK = 1e-3  # -60 dBFS


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a voice is asked for; its audio is cut at `limit_s`."""

    text: str
    seed: int
    limit_s: float


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One sample as it is judged and kept: (T,) int16 at 16 kHz, cut at the length bound.

    `duration_s` is its length before the cut. `codes` are the catastrophes that the audio alone
    shows. `synthesis_s` is how long the voice took, where it was loaded. `fault` says why there is
    no sample; everything else is then empty.
    """

    pcm: NDArray[np.int16]
    duration_s: float = 0.0
    codes: tuple[str, ...] = ()
    synthesis_s: float = 0.0
    fault: str | None = None

    @property
    def wave(self) -> Wave:
        """(T,) float32 in [-1, 1) at 16 kHz."""
        return from_pcm16(self.pcm)

    @property
    def digest(self) -> str:
        """Name the audio by its content."""
        return digest_bytes(self.pcm.tobytes())

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to hear, so that no evaluator is asked."""
        return "empty_audio" in self.codes or "invalid_audio" in self.codes


def speak_line(
    voice: Voice, line: Line, *, clock: Callable[[], float] = time.perf_counter
) -> Spoken:
    """Let a voice speak a line; `clock` counts seconds, for the real-time factor alone."""
    started = clock()
    try:
        speech = voice.speak(line.text, seed=line.seed)
    except Exception as error:  # noqa: BLE001 - whatever stopped the voice is recorded and holds the gate
        return unspoken(error)
    return _judged(speech, limit_s=line.limit_s, synthesis_s=clock() - started)


def unspoken(error: Exception) -> Spoken:
    """Return what stands for a sample that an error stopped."""
    return Spoken(pcm=_EMPTY, fault=f"voice: {type(error).__name__}: {error}")


def _judged(speech: Speech, *, limit_s: float, synthesis_s: float) -> Spoken:
    wave = np.asarray(speech.wave, dtype=np.float32)
    if wave.ndim != 1 or not np.isfinite(wave).all():
        return Spoken(pcm=_EMPTY, codes=("invalid_audio",), synthesis_s=synthesis_s)
    wave = resample(wave, speech.sample_rate_hz, HEARING_RATE_HZ)
    codes = []
    if speech.stopped_by_limit or speech.duration_s >= limit_s:
        codes.append("endless_audio")
    if speech.duration_s < _SHORTEST_S or np.abs(wave).max() < _AUDIBLE_PEAK:
        codes.append("empty_audio")
    wave = wave[: int(limit_s * HEARING_RATE_HZ)]
    # Kept, played and judged alike: 16-bit audio, so that a score can be recomputed from the file.
    return Spoken(
        pcm=to_pcm16(wave),
        duration_s=speech.duration_s,
        codes=tuple(codes),
        synthesis_s=synthesis_s,
    )


_EMPTY: NDArray[np.int16] = np.zeros(0, dtype=np.int16)
