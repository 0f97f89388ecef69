"""What a clip becomes before training: phones from its text, tokens from its audio.

Both are cached under the digest of everything that they depend on, so that an added clip costs
one clip and a changed text costs no encoder pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.shards import Place
from voxgate.content_cache import ContentCache
from voxgate.errors import TextError
from voxgate.text.phonemes import SpokenSpan
from voxgate.types import Wave
from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = [
    "AcceptedClip",
    "ClipFeatures",
    "DroppedClip",
    "Phonemiser",
    "Reading",
    "compute_features",
]

_PHONES_VERSION = 1
_TOKENS_VERSION = 1
"""Raise when the code below starts to give other results for the same inputs."""

_BATCH_CLIPS = 16
_MIN_TOKENS = 5
_PHONES_PER_SECOND = (3.0, 25.0)
"""Outside this range text and audio cannot belong together (docs/gpt_sovits.md 4.4)."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a text is spoken: phone ids, and the words that had to be guessed."""

    phones: tuple[int, ...]
    guessed_words: tuple[str, ...] = ()
    chinese: tuple[SpokenSpan, ...] = ()
    """Spans whose characters have features (voice/text_features.py)."""


class Phonemiser(Protocol):
    """Turns a text into phone ids of one symbol table."""

    @property
    def digest(self) -> str:
        """Digest of table, dictionaries and rules: the same digest gives the same reading."""
        ...

    def read(self, text: str, *, language: str) -> Reading:
        """Return how `text` is spoken.

        Raises:
            TextError: the text has nothing speakable, or the language is not supported.
        """
        ...


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
    phonemiser: Phonemiser,
    tokenizer: SpeechTokenizer,
    cache: ContentCache,
    progress: Callable[[Iterable[Sequence[AcceptedClip]]], Iterable[Sequence[AcceptedClip]]] = iter,
) -> tuple[list[ClipFeatures], list[DroppedClip]]:
    """Return the features of every clip that has them, and the rest with reasons.

    `read_wave` returns what the tokenizer hears: 16 kHz. `progress` wraps the loop over batches of
    clips.
    """
    kept: list[ClipFeatures] = []
    dropped: list[DroppedClip] = []
    batches = [clips[at : at + _BATCH_CLIPS] for at in range(0, len(clips), _BATCH_CLIPS)]
    for batch in progress(batches):
        readable: list[tuple[AcceptedClip, Reading]] = []
        for clip in batch:
            try:
                readable.append((clip, _reading(clip, phonemiser, cache)))
            except TextError as error:
                dropped.append(DroppedClip(clip=clip, code="no_phones", message=str(error)))
        tokens = _tokens([clip for clip, _ in readable], read_wave, tokenizer, cache)
        for (clip, reading), ids in zip(readable, tokens, strict=True):
            features = ClipFeatures(
                clip=clip,
                phones=reading.phones,
                tokens=tuple(int(token) for token in ids),
                guessed_words=reading.guessed_words,
                chinese=reading.chinese,
            )
            fault = _fault(features)
            kept += [] if fault else [features]
            dropped += [fault] if fault else []
    return kept, dropped


def _reading(clip: AcceptedClip, phonemiser: Phonemiser, cache: ContentCache) -> Reading:
    key = {
        "what": "phones",
        "version": _PHONES_VERSION,
        "text": clip.text,
        "language": clip.language,
        "phonemiser": phonemiser.digest,
    }
    stored = cache.get_json(key)
    if stored is None:
        reading = phonemiser.read(clip.text, language=clip.language)
        spans = [asdict(span) for span in reading.chinese]
        cache.put_json(
            key,
            {"phones": reading.phones, "guessed": reading.guessed_words}
            | ({"chinese": spans} if spans else {}),
        )
        return reading
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
) -> list[NDArray[np.int64]]:
    keys = [_token_key(clip, tokenizer) for clip in clips]
    stored = [cache.get_arrays(key) for key in keys]
    missing = [at for at, arrays in enumerate(stored) if arrays is None]
    fresh = tokenizer.encode([read_wave(clips[at]) for at in missing]) if missing else []
    for at, tokens in zip(missing, fresh, strict=True):
        stored[at] = {"tokens": tokens}
        cache.put_arrays(keys[at], {"tokens": tokens})
    return [arrays["tokens"] for arrays in stored if arrays is not None]


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
