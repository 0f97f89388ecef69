"""Place the words of utterances a second time, by an instrument that knows nothing of the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from voxgate.batching import batched
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.files import digest_bytes
from voxgate.ports import Aligner
from voxgate.types import Alignment, Wave, WordTiming

__all__ = ["place_again"]

PLACING_VERSION = 1
"""Raise it when what is stored of a placing changes."""

_HANDED_OVER = 64
"""Utterances placed between two writes to the cache: enough for several workers."""


def place_again(
    read: Callable[[Span], Wave],
    utterances: Sequence[Utterance],
    aligner: Aligner,
    cache: ContentCache,
) -> list[Alignment | None]:
    """Return where the aligner sees the words of each utterance, in seconds of its own.

    None where there is no text, or where it cannot be placed.

    Raises:
        EvaluatorError: the aligner failed; finished batches are cached.
    """
    keys: list[dict[str, object]] = [
        {
            "version": PLACING_VERSION,
            "audio_sha256": digest_bytes(read(utterance.span).tobytes()),
            "text": utterance.text,
            "aligner": aligner.identity.as_json(),
        }
        for utterance in utterances
    ]
    stored = [cache.get_json(key) for key in keys]
    missing = [n for n, each in enumerate(utterances) if stored[n] is None and each.text]
    for rows in batched(missing, _HANDED_OVER):
        placed = aligner.align(
            [read(utterances[n].span) for n in rows], [utterances[n].text for n in rows]
        )
        for n, alignment in zip(rows, placed, strict=True):
            # A list, so that "cannot be placed" is stored as well.
            stored[n] = [None if alignment is None else asdict(alignment)]
            cache.put_json(keys[n], stored[n])
    return [_load(each) for each in stored]


def _load(stored: Any) -> Alignment | None:
    if not stored or stored[0] is None:
        return None
    words = tuple(WordTiming(**word) for word in stored[0]["words"])
    return Alignment(words=words, mean_log_probability=stored[0]["mean_log_probability"])
