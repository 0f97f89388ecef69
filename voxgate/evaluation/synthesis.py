"""Let a voice speak the planned samples, once, and keep what it said."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from voxgate.audio.resampling import resample
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.content_cache import ContentCache
from voxgate.evaluation.plan import Item
from voxgate.files import digest_bytes
from voxgate.ports import Voice
from voxgate.types import HEARING_RATE_HZ, Speech, Wave

__all__ = ["LONGEST_S", "SHORTEST_S", "Spoken", "speak_items"]

LONGEST_S = 30.0
"""Whisper's window; what a prompt of a benchmark needs is far below it."""

SHORTEST_S = 0.5
"""Shorter audio cannot hold a prompt and has no measurable speaker; it counts as empty."""

_AUDIBLE_PEAK = 1e-3  # -60 dBFS
_CACHE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One sample as it is judged and kept: (T,) int16 at 16 kHz, cut at the length bound.

    `duration_s` is its length before the cut. `codes` are the catastrophes that the audio alone
    shows. `fault` says why there is no sample; everything else is then empty.
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


def speak_items(
    voice: Voice,
    items: Iterable[Item],
    *,
    limits_s: Mapping[str, float],
    model_digest: str,
    cache: ContentCache,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Spoken]:
    """Speak every item, in order; what was spoken before comes from the cache.

    Args:
        voice: the voice under judgement.
        items: what to speak.
        limits_s: by prompt id, the length at which audio is cut.
        model_digest: names the voice's weights in the cache.
        cache: where samples are kept.
        clock: seconds; only feeds the real-time factor.
    """
    return [
        _speak_cached(
            voice, item, limit_s=min(limits_s[item.prompt.id], LONGEST_S),
            model_digest=model_digest, cache=cache, clock=clock,
        )
        for item in tqdm(list(items), desc="speak", unit="sample", file=sys.stderr)
    ]  # fmt: skip


def _speak_cached(
    voice: Voice,
    item: Item,
    *,
    limit_s: float,
    model_digest: str,
    cache: ContentCache,
    clock: Callable[[], float],
) -> Spoken:
    key = {
        "version": _CACHE_VERSION,
        "model": model_digest,
        "text": item.prompt.text,
        "seed": item.seed,
        "limit_s": limit_s,
    }
    stored = cache.get_arrays(key)
    if stored is not None:
        return Spoken(
            pcm=stored["pcm"],
            duration_s=float(stored["duration_s"]),
            codes=tuple(str(code) for code in stored["codes"]),
            synthesis_s=float(stored["synthesis_s"]),
        )
    spoken = _speak(voice, item, limit_s=limit_s, clock=clock)
    if spoken.fault is None:  # a crash may be a passing one: it is tried again next time
        cache.put_arrays(
            key,
            {
                "pcm": spoken.pcm,
                "duration_s": np.array(spoken.duration_s),
                "codes": np.array(spoken.codes, dtype="U32"),
                "synthesis_s": np.array(spoken.synthesis_s),
            },
        )
    return spoken


def _speak(voice: Voice, item: Item, *, limit_s: float, clock: Callable[[], float]) -> Spoken:
    started = clock()
    try:
        speech = voice.speak(item.prompt.text, seed=item.seed)
    except Exception as error:  # noqa: BLE001 - whatever stopped the voice is recorded and holds the gate
        return Spoken(pcm=_EMPTY, fault=f"voice: {type(error).__name__}: {error}")
    return _judged(speech, limit_s=limit_s, synthesis_s=clock() - started)


def _judged(speech: Speech, *, limit_s: float, synthesis_s: float) -> Spoken:
    wave = np.asarray(speech.wave, dtype=np.float32)
    if wave.ndim != 1 or not np.isfinite(wave).all():
        return Spoken(pcm=_EMPTY, codes=("invalid_audio",), synthesis_s=synthesis_s)
    wave = resample(wave, speech.sample_rate_hz, HEARING_RATE_HZ)
    codes = []
    if speech.stopped_by_limit or speech.duration_s >= limit_s:
        codes.append("endless_audio")
    if speech.duration_s < SHORTEST_S or np.abs(wave).max() < _AUDIBLE_PEAK:
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
