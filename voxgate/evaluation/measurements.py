"""Single measurements, taken in batches, so that one bad sample spoils no other.

Each is kept, so that a crash or a second run pays for nothing twice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from voxgate.batching import batched
from voxgate.content_cache import ContentCache
from voxgate.files import digest_bytes
from voxgate.types import PredictedQuality, Transcript, Wave

__all__ = ["Caches", "Unmeasured", "measure_missing", "name_waves", "open_caches"]

T = TypeVar("T")


@dataclass(frozen=True)
class Unmeasured:
    """Why an instrument has no answer for a sample."""

    fault: str


@dataclass(frozen=True, kw_only=True)
class Caches:
    """One cache a kind of result; the keys hold everything that the result depends on."""

    speech: ContentCache
    transcripts: ContentCache
    vectors: ContentCache
    qualities: ContentCache


def open_caches(folder: Path, *, voice_code: str, instrument_code: str) -> Caches:
    """Name the caches under `folder`; results of other code are kept apart, by its digest."""
    return Caches(
        speech=ContentCache(folder, f"evaluate-speech-{voice_code[:16]}"),
        transcripts=ContentCache(folder, f"evaluate-transcripts-{instrument_code[:16]}"),
        vectors=ContentCache(folder, f"evaluate-vectors-{instrument_code[:16]}"),
        qualities=ContentCache(folder, f"evaluate-qualities-{instrument_code[:16]}"),
    )


def measure_missing(
    answers: list[T | Unmeasured | None],
    measure: Callable[[Sequence[int]], list[T]],
    *,
    keep: Callable[[int, T], None],
    name: str,
    batch_size: int,
    lengths: Sequence[int],
    batches: int = 1,
) -> list[T | Unmeasured]:
    """Fill in what `answers` lacks, and keep each new answer; the order stays.

    Args:
        answers: what is known already, by index; None is missing.
        measure: answers for some batches of indices, one after the other; it cuts them apart again.
        keep: stores one answer.
        name: of the instrument's work, for progress and faults.
        batch_size: samples a batch.
        lengths: those of the waves, by which batches are formed.
        batches: how many of them are handed over at once, so that all workers have one.
    """
    # Clips of similar length share a batch: a batch costs what its longest clip costs.
    missing = sorted((i for i, a in enumerate(answers) if a is None), key=lambda i: lengths[i])
    with tqdm(total=len(missing), desc=name, unit="clip", file=sys.stderr) as progress:
        # Cut where batches end, whatever their number: none depends on who is there to measure.
        for group in batched(missing, batch_size * batches):
            found = _isolated(measure, group, name, batch_size=batch_size)
            for index, answer in zip(group, found, strict=True):
                answers[index] = answer
                if not isinstance(answer, Unmeasured):
                    keep(index, answer)
            progress.update(len(group))
    return [answer for answer in answers if answer is not None]


def name_waves(waves: Iterable[Wave]) -> tuple[list[str], list[int]]:
    """Return what names the audio of each wave in a cache's key, and its length in samples.

    Each is read once, and none is kept.
    """
    digests, lengths = [], []
    for wave in waves:
        digests.append(digest_bytes(np.ascontiguousarray(wave).tobytes()))
        lengths.append(len(wave))
    return digests, lengths


def _isolated(
    measure: Callable[[Sequence[int]], list[T]],
    group: Sequence[int],
    name: str,
    *,
    batch_size: int,
) -> Sequence[T | Unmeasured]:
    """Measure a group; when it fails, batch by batch, and the failing batch one by one.

    So only the cause stays unmeasured, and costs no other batch its place.
    """
    try:
        return _complete(measure(group), group)
    except Exception as error:  # noqa: BLE001 - recorded, and holds the gate; see `Unmeasured`
        if len(group) == 1:
            return [Unmeasured(f"{name}: {type(error).__name__}: {error}")]
    size = batch_size if len(group) > batch_size else 1
    return [
        answer
        for part in batched(group, size)
        for answer in _isolated(measure, part, name, batch_size=size)
    ]


def _complete(answers: list[T], batch: Sequence[int]) -> list[T]:
    if len(answers) != len(batch):
        raise ValueError(f"asked for {len(batch)} answers, got {len(answers)}")
    for answer in answers:
        if not np.isfinite(np.asarray(_numbers(answer), dtype=np.float64)).all():
            raise ValueError("the answer contains NaN or infinity")
    return answers


def _numbers(answer: object) -> object:
    if isinstance(answer, Transcript):
        return [
            answer.language_probability,
            answer.mean_log_probability,
            answer.no_speech_probability,
            *(time_s for word in answer.words for time_s in (word.start_s, word.end_s)),
        ]
    if isinstance(answer, PredictedQuality):
        return [answer.overall, answer.signal, answer.background]
    return answer
