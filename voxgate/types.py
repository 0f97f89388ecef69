"""Values that more than one package speaks of: frozen, without behaviour beyond derived figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "HEARING_RATE_HZ",
    "Alignment",
    "Embeddings",
    "EvaluatorIdentity",
    "PredictedQuality",
    "Probabilities",
    "Recognition",
    "Speech",
    "Transcript",
    "Wave",
    "WordTiming",
]

HEARING_RATE_HZ = 16_000
"""Recognisers, speaker encoders and speech tokenizers hear 16 kHz; whoever asks them resamples."""

Wave = NDArray[np.float32]
"""(T,) float32 in [-1, 1], mono, at the sample rate that its owner states."""

Probabilities = NDArray[np.float32]
"""(N,) float32 in [0, 1], one a frame."""

Embeddings = NDArray[np.float32]
"""(N, D) float32, each row of unit length."""


@dataclass(frozen=True, kw_only=True)
class EvaluatorIdentity:
    """Say which instrument produced a number; numbers of different identities are not compared.

    `options` holds everything else that changes the number (decoding, window policy, precision,
    kind of device), as JSON values: they are chosen, and a choice moves numbers together. What only
    moves the last bits and belongs to one machine (threads, kind of processor) is no part of it, so
    that the evidence of two machines can be compared; threads name what is cached.
    """

    name: str
    weights_sha256: str
    options: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the identity as JSON values."""
        return {
            "name": self.name,
            "weights_sha256": self.weights_sha256,
            "options": dict(self.options),
        }


@dataclass(frozen=True, kw_only=True)
class WordTiming:
    """One word of a text, where it was found in the audio, and how sure the aligner is."""

    word: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """What a recogniser heard.

    `capped` is true when decoding stopped at the token limit instead of at an end of text: the
    text is then a symptom (endless repetition), not a transcript. `words` are the words of `text`
    where they were heard, good to some tenths of a second; a capped transcript has none.
    """

    text: str
    language: str
    language_probability: float
    mean_log_probability: float
    no_speech_probability: float
    capped: bool = False
    words: tuple[WordTiming, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """A given text forced onto audio.

    `mean_log_probability` is the mean over the text's tokens of ln p(token | audio, earlier
    tokens): near 0 when the audio says the text, strongly negative when it does not.
    """

    words: tuple[WordTiming, ...]
    mean_log_probability: float


@dataclass(frozen=True, kw_only=True)
class PredictedQuality:
    """What listeners would say of a clip, as a predictor guesses: marks from 1 (bad) to 5."""

    overall: float
    signal: float
    background: float


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """Everything that one encoder pass over a clip yields."""

    transcript: Transcript
    alignment: Alignment | None


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Audio that a voice spoke.

    `stopped_by_limit` is true when generation ran into its length bound instead of ending itself.
    """

    wave: Wave
    sample_rate_hz: int
    stopped_by_limit: bool = False

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.wave) / self.sample_rate_hz
