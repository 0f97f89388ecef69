"""Transcribe samples: what a recogniser hears in them, each once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from voxgate.content_cache import ContentCache
from voxgate.evaluation.measurements import Unmeasured, measure_missing, name_waves
from voxgate.ports import Transcriber
from voxgate.types import HEARING_RATE_HZ, Transcript, Wave, WordTiming

__all__ = ["token_cap", "transcribe_waves"]

_CACHE_VERSION = 2
_SPARE_TOKENS = 8  # start-of-text and punctuation tokens that even a one-word clip needs


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
    batches: int = 1,
) -> list[Transcript | Unmeasured]:
    """Transcribe 16 kHz waves, `batches` at once; the answer has one entry a wave, in order."""
    identity = transcriber.identity.as_json()
    digests, lengths = name_waves(waves)
    keys = [
        {"version": _CACHE_VERSION, "audio": digest, "instrument": identity, "cap": cap}
        for digest, cap in zip(digests, max_tokens, strict=True)
    ]
    answers: list[Transcript | Unmeasured | None] = [
        None if stored is None else _from_json(stored)
        for stored in (cache.get_json(key) for key in keys)
    ]

    def measure(batch: Sequence[int]) -> list[Transcript]:
        return transcriber.transcribe(
            [waves[i] for i in batch], max_tokens=[max_tokens[i] for i in batch]
        )

    def keep(index: int, transcript: Transcript) -> None:
        cache.put_json(keys[index], asdict(transcript))

    return measure_missing(
        answers,
        measure,
        keep=keep,
        name="transcribe",
        batch_size=batch_size,
        batches=batches,
        lengths=lengths,
    )


def _from_json(stored: dict[str, Any]) -> Transcript:
    words = tuple(WordTiming(**word) for word in stored["words"])
    return Transcript(**{**stored, "words": words})
