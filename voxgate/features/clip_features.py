"""What a clip becomes before training: phones from its text, tokens from its audio.

Both are cached under the digest of everything that they depend on, so that an added clip costs
one clip and a changed text costs no encoder pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.shards import Place
from voxgate.batching import batched
from voxgate.content_cache import ContentCache
from voxgate.features.readings import (
    Phonemiser,
    PooledPhonemiser,
    Reading,
    Sentence,
    Unreadable,
    read_sentences,
)
from voxgate.features.token_batches import BATCH_CLIPS, encode_batches
from voxgate.text.phonemes import SpokenSpan
from voxgate.types import Wave
from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = [
    "AcceptedClip",
    "ClipFeatures",
    "DroppedClip",
    "compute_features",
    "encode_reference",
]

_PHONES_VERSION = 1
_TOKENS_VERSION = 1
"""Raise when the code below starts to give other results for the same inputs."""

_MIN_TOKENS = 5
_PHONES_PER_SECOND = (3.0, 25.0)
"""Outside this range text and audio cannot belong together (docs/gpt_sovits.md 4.4)."""


@dataclass(frozen=True, kw_only=True)
class AcceptedClip:
    """A clip that validate lets through, as it is to be trained on."""

    clip_id: str
    recording_id: str
    speaker_id: str
    language: str
    text: str
    audio_sha256: str
    """Digest of the prepared audio of the whole clip."""

    sample_rate_hz: int
    """Of the prepared audio."""

    trim_start: int
    trim_end: int
    """Samples: the clip is `wave[trim_start:trim_end]`."""

    place: Place
    """Where that part lies."""

    duration_s: float
    snr_db: float
    alignment_log_probability: float


@dataclass(frozen=True, kw_only=True)
class ClipFeatures:
    """A clip that can be trained on."""

    clip: AcceptedClip
    phones: tuple[int, ...]
    tokens: tuple[int, ...]
    guessed_words: tuple[str, ...]
    chinese: tuple[SpokenSpan, ...] = ()
    """As in `Reading`."""

    @property
    def phones_per_second(self) -> float:
        """How fast it is spoken."""
        return len(self.phones) / self.clip.duration_s


@dataclass(frozen=True, kw_only=True)
class DroppedClip:
    """An accepted clip that cannot be trained on, and why."""

    clip: AcceptedClip
    code: str
    message: str


def compute_features(
    clips: Sequence[AcceptedClip],
    read_wave: Callable[[AcceptedClip], Wave],
    *,
    phonemiser: Phonemiser | PooledPhonemiser,
    tokenizer: SpeechTokenizer,
    cache: ContentCache,
    progress: Callable[[Iterable[list[int]]], Iterable[list[int]]] = iter,
) -> tuple[list[ClipFeatures], list[DroppedClip]]:
    """Return the features of every clip that has them, and the rest with reasons.

    `read_wave` returns what the tokenizer hears: 16 kHz. `progress` wraps the loop over batches of
    clips that it hears. Both phones and tokens are kept as they come.
    """
    kept: list[ClipFeatures] = []
    dropped: list[DroppedClip] = []
    readable: list[tuple[AcceptedClip, Reading]] = []
    for clip, reading in zip(clips, _readings(clips, phonemiser, cache), strict=True):
        if isinstance(reading, Unreadable):
            dropped.append(DroppedClip(clip=clip, code="no_phones", message=reading.message))
        else:
            readable.append((clip, reading))
    tokens = _tokens([clip for clip, _ in readable], read_wave, tokenizer, cache, progress)
    for (clip, reading), ids in zip(readable, tokens, strict=True):
        features = ClipFeatures(
            clip=clip,
            phones=reading.phones,
            tokens=ids,
            guessed_words=reading.guessed_words,
            chinese=reading.chinese,
        )
        fault = _fault(features)
        kept += [] if fault else [features]
        dropped += [fault] if fault else []
    return kept, dropped


def encode_reference(
    clip: AcceptedClip,
    read_wave: Callable[[AcceptedClip], Wave],
    *,
    tokenizer: SpeechTokenizer,
    cache: ContentCache,
) -> list[int]:
    """Return the tokens of a clip that speech continues; `read_wave` as in `compute_features`."""
    key = _token_key(clip, tokenizer) | {"what": "prompt tokens"}
    stored = cache.get_arrays(key)
    if stored is None:
        stored = {"tokens": tokenizer.encode_prompt(read_wave(clip))}
        cache.put_arrays(key, stored)
    return [int(token) for token in stored["tokens"]]


def _readings(
    clips: Sequence[AcceptedClip], phonemiser: Phonemiser | PooledPhonemiser, cache: ContentCache
) -> list[Reading | Unreadable]:
    keys = [_reading_key(clip, phonemiser.digest) for clip in clips]
    found: list[Reading | Unreadable | None] = [
        None if stored is None else _reading(stored) for stored in map(cache.get_json, keys)
    ]
    missing = [at for at, reading in enumerate(found) if reading is None]
    sentences = (Sentence(clips[at].text, clips[at].language) for at in missing)
    for at, reading in zip(missing, read_sentences(phonemiser, sentences), strict=True):
        found[at] = reading
        if isinstance(reading, Reading):
            spans = [asdict(span) for span in reading.chinese]
            cache.put_json(
                keys[at],
                {"phones": reading.phones, "guessed": reading.guessed_words}
                | ({"chinese": spans} if spans else {}),
            )
    return [reading for reading in found if reading is not None]


def _reading_key(clip: AcceptedClip, digest: str) -> dict[str, object]:
    return {
        "what": "phones",
        "version": _PHONES_VERSION,
        "text": clip.text,
        "language": clip.language,
        "phonemiser": digest,
    }


def _reading(stored: dict[str, Any]) -> Reading:
    return Reading(
        phones=tuple(stored["phones"]),
        guessed_words=tuple(stored["guessed"]),
        chinese=tuple(map(_span, stored.get("chinese", ()))),
    )


def _span(stored: dict[str, Any]) -> SpokenSpan:
    counts = stored["phones_per_character"]
    return SpokenSpan(
        **(stored | {"phones_per_character": None if counts is None else tuple(counts)})
    )


def _tokens(
    clips: Sequence[AcceptedClip],
    read_wave: Callable[[AcceptedClip], Wave],
    tokenizer: SpeechTokenizer,
    cache: ContentCache,
    progress: Callable[[Iterable[list[int]]], Iterable[list[int]]],
) -> list[tuple[int, ...]]:
    keys = [_token_key(clip, tokenizer) for clip in clips]
    found = [
        None if arrays is None else _ids(arrays["tokens"]) for arrays in map(cache.get_arrays, keys)
    ]
    missing = [at for at, ids in enumerate(found) if ids is None]
    batches = list(batched(missing, BATCH_CLIPS))
    waves = ([read_wave(clips[at]) for at in batch] for batch in batches)
    for batch, fresh in zip(progress(batches), encode_batches(tokenizer, waves), strict=True):
        for at, tokens in zip(batch, fresh, strict=True):
            cache.put_arrays(keys[at], {"tokens": tokens})
            found[at] = _ids(tokens)
    return [ids for ids in found if ids is not None]


def _ids(tokens: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(token) for token in tokens)


def _token_key(clip: AcceptedClip, tokenizer: SpeechTokenizer) -> dict[str, object]:
    return {
        "what": "tokens",
        "version": _TOKENS_VERSION,
        "audio": clip.audio_sha256,
        "trim": [clip.trim_start, clip.trim_end],
        "tokenizer": tokenizer.sha256,
    }


def _fault(features: ClipFeatures) -> DroppedClip | None:
    slowest, fastest = _PHONES_PER_SECOND
    if len(features.tokens) < _MIN_TOKENS:
        return DroppedClip(
            clip=features.clip,
            code="too_few_tokens",
            message=f"{len(features.tokens)} speech tokens, need at least {_MIN_TOKENS}: "
            f"the clip lasts {features.clip.duration_s:.2f} s",
        )
    if not slowest <= features.phones_per_second <= fastest:
        return DroppedClip(
            clip=features.clip,
            code="phone_rate",
            message=f"{features.phones_per_second:.1f} phones a second, expected {slowest:g} to "
            f"{fastest:g}: text and audio do not belong together, or the clip is mostly silence",
        )
    return None
