"""Transcribe and embed samples in batches, each once, so that one bad sample spoils no other."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from voxgate.content_cache import ContentCache
from voxgate.files import digest_bytes
from voxgate.ports import SpeakerEncoder, Transcriber
from voxgate.types import HEARING_RATE_HZ, Transcript, Wave

__all__ = ["Unmeasured", "embed_waves", "token_cap", "transcribe_waves"]

_CACHE_VERSION = 1
_SPARE_TOKENS = 8  # start-of-text and punctuation tokens that even a one-word clip needs

Vector = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Unmeasured:
    """Why an instrument has no answer for a sample."""

    fault: str


def token_cap(wave: Wave, *, max_tokens_per_second: float) -> int:
    """Return how many text tokens `wave` may be decoded to; speech has 4 to 6 a second."""
    return _SPARE_TOKENS + math.ceil(len(wave) / HEARING_RATE_HZ * max_tokens_per_second)


def transcribe_waves(
    transcriber: Transcriber,
    waves: Sequence[Wave],
    *,
    max_tokens: Sequence[int],
    batch_size: int,
    cache: ContentCache,
) -> list[Transcript | Unmeasured]:
    """Transcribe 16 kHz waves; the answer has one entry a wave, in order."""
    identity = transcriber.identity.as_json()
    keys = [
        {"version": _CACHE_VERSION, "audio": _digest(wave), "instrument": identity, "cap": cap}
        for wave, cap in zip(waves, max_tokens, strict=True)
    ]
    answers: list[Transcript | Unmeasured | None] = [
        None if stored is None else Transcript(**stored)
        for stored in (cache.get_json(key) for key in keys)
    ]

    def measure(batch: Sequence[int]) -> list[Transcript]:
        return transcriber.transcribe(
            [waves[i] for i in batch], max_tokens=[max_tokens[i] for i in batch]
        )

    def keep(index: int, transcript: Transcript) -> None:
        cache.put_json(keys[index], asdict(transcript))

    return _measure_missing(
        answers, measure, keep=keep, name="transcribe", batch_size=batch_size, order=waves
    )


def embed_waves(
    encoder: SpeakerEncoder, waves: Sequence[Wave], *, batch_size: int, cache: ContentCache
) -> list[Vector | Unmeasured]:
    """Embed 16 kHz waves; each answer is a (D,) float32 vector of unit length."""
    identity = encoder.identity.as_json()
    keys: list[Mapping[str, object]] = [
        {"version": _CACHE_VERSION, "audio": _digest(wave), "instrument": identity}
        for wave in waves
    ]
    stored = [cache.get_arrays(key) for key in keys]
    answers: list[Vector | Unmeasured | None] = [
        None if arrays is None else arrays["vector"] for arrays in stored
    ]

    def measure(batch: Sequence[int]) -> list[Vector]:
        return list(encoder.embed([waves[i] for i in batch]))

    def keep(index: int, vector: Vector) -> None:
        cache.put_arrays(keys[index], {"vector": vector})

    return _measure_missing(
        answers, measure, keep=keep, name="embed", batch_size=batch_size, order=waves
    )


def _measure_missing(
    answers: list[T | Unmeasured | None],
    measure: Callable[[Sequence[int]], list[T]],
    *,
    keep: Callable[[int, T], None],
    name: str,
    batch_size: int,
    order: Sequence[Wave],
) -> list[T | Unmeasured]:
    # Clips of similar length share a batch: a batch costs what its longest clip costs.
    missing = sorted((i for i, a in enumerate(answers) if a is None), key=lambda i: len(order[i]))
    with tqdm(total=len(missing), desc=name, unit="clip", file=sys.stderr) as progress:
        for start in range(0, len(missing), batch_size):
            batch = missing[start : start + batch_size]
            found = _isolated(measure, batch, name)
            for index, answer in zip(batch, found, strict=True):
                answers[index] = answer
                if not isinstance(answer, Unmeasured):
                    keep(index, answer)
            progress.update(len(batch))
    return [answer for answer in answers if answer is not None]


def _isolated(
    measure: Callable[[Sequence[int]], list[T]], batch: Sequence[int], name: str
) -> Sequence[T | Unmeasured]:
    """Measure a batch; when it fails, one by one, so that only the cause stays unmeasured."""
    try:
        return _complete(measure(batch), batch)
    except Exception as error:  # noqa: BLE001 - recorded, and holds the gate; see `Unmeasured`
        if len(batch) == 1:
            return [Unmeasured(f"{name}: {type(error).__name__}: {error}")]
    return [answer for index in batch for answer in _isolated(measure, [index], name)]


def _complete(answers: list[T], batch: Sequence[int]) -> list[T]:
    if len(answers) != len(batch):
        raise ValueError(f"asked for {len(batch)} answers, got {len(answers)}")
    for answer in answers:
        numbers = (
            [answer.language_probability, answer.mean_log_probability, answer.no_speech_probability]
            if isinstance(answer, Transcript)
            else answer
        )
        if not np.isfinite(np.asarray(numbers, dtype=np.float64)).all():
            raise ValueError("the answer contains NaN or infinity")
    return answers


def _digest(wave: Wave) -> str:
    return digest_bytes(np.ascontiguousarray(wave).tobytes())
