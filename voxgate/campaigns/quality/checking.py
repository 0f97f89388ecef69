"""The check of spoken sentences: instruments in, judgements out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.resampling import resample
from voxgate.campaigns.quality.expected import ExpectedSentence
from voxgate.campaigns.quality.figures import SentenceFigures, collect_figures
from voxgate.campaigns.quality.hearing import Heard, compare_heard
from voxgate.campaigns.quality.rules import QualityRules, SentenceQuality, judge_figures
from voxgate.campaigns.quality.sound import (
    as_wave,
    measure_sound,
    without_pause,
)
from voxgate.errors import TextError
from voxgate.files import digest_json
from voxgate.ports import SpeakerEncoder, Transcriber
from voxgate.serving.requests import SpokenSentence
from voxgate.text.front_end import FrontEnd, SpokenWord
from voxgate.text.symbols import PUNCTUATION
from voxgate.types import HEARING_RATE_HZ, Transcript, Wave

__all__ = [
    "Ears",
    "Listened",
    "Reference",
    "check_sentences",
    "compare",
    "hear_wave",
    "listen",
    "measure_sentences",
]

Reference = NDArray[np.float32]
"""(D,) of unit length: whom a sentence should sound like, as `Ears.speaker` embeds them."""

_POINTED_TIME = re.compile(r"\b([01]?\d|2[0-3])\.([0-5]\d)(?=\s?[ap]\.?m\b)", re.IGNORECASE)
"""How Whisper writes a time where the speaker sounds British."""

_UNHEARABLE = frozenset({"empty", "silent", "too_long", "too_short"})


@dataclass(frozen=True, kw_only=True)
class Ears:
    """What listens: a recogniser, a speaker encoder, and a reader for what was heard.

    `front_end` reads the recogniser's words; `spell` brings any text to one spelling, and
    `spelling` names its rules.
    """

    transcriber: Transcriber = field(repr=False)
    speaker: SpeakerEncoder = field(repr=False)
    front_end: FrontEnd = field(repr=False)
    spell: Callable[[str], str] = field(repr=False)
    spelling: str

    @property
    def identity(self) -> dict[str, object]:
        """Say which instruments these are; figures of different ones are not compared."""
        return {
            "transcriber": self.transcriber.identity.as_json(),
            "speaker_encoder": self.speaker.identity.as_json(),
            "dictionary": self.front_end.dictionary_digest,
            "spelling": self.spelling,
        }

    @property
    def digest(self) -> str:
        """Name the instruments."""
        return digest_json(self.identity)


def check_sentences(
    spoken: Sequence[SpokenSentence],
    expected: Sequence[ExpectedSentence],
    *,
    ears: Ears,
    rules: QualityRules,
    reference: Reference,
    keep_text: bool = False,
) -> list[SentenceQuality]:
    """Check sentences, one answer each, in order; the recogniser hears them in batches.

    Raises:
        EvaluatorError: an instrument failed; there is no partial answer.
        ValueError: there is not one expected sentence for each that was spoken.
    """
    figures = measure_sentences(spoken, expected, ears=ears, reference=reference)
    return [judge_figures(one, rules, keep_text=keep_text) for one in figures]


def measure_sentences(
    spoken: Sequence[SpokenSentence],
    expected: Sequence[ExpectedSentence],
    *,
    ears: Ears,
    reference: Reference,
) -> list[SentenceFigures]:
    """Measure sentences without judging them.

    Raises:
        EvaluatorError: an instrument failed; there is no partial answer.
        ValueError: there is not one expected sentence for each that was spoken.
    """
    if len(spoken) != len(expected):
        raise ValueError(f"{len(spoken)} spoken sentences, {len(expected)} expected ones")
    listened = listen(spoken, ears=ears, reference=reference)
    return [compare(one, meant, ears=ears) for one, meant in zip(listened, expected, strict=True)]


@dataclass(frozen=True, kw_only=True)
class Listened:
    """A sentence, and what the instruments gave; None where its sound alone has failed."""

    spoken: SpokenSentence = field(repr=False)
    transcript: Transcript | None
    similarity: float | None


def listen(spoken: Sequence[SpokenSentence], *, ears: Ears, reference: Reference) -> list[Listened]:
    """Let the instruments hear sentences: what costs, and does not ask what was meant.

    Raises:
        EvaluatorError: an instrument failed; there is no partial answer.
    """
    hearable = [
        at
        for at, one in enumerate(spoken)
        if not _UNHEARABLE & set(measure_sound(one, phones=1).faults)
    ]
    waves = [hear_wave(spoken[at]) for at in hearable]
    transcripts = dict(zip(hearable, ears.transcriber.transcribe(waves), strict=True))
    likenesses = dict(zip(hearable, _similarities(waves, ears.speaker, reference), strict=True))
    return [
        Listened(spoken=one, transcript=transcripts.get(at), similarity=likenesses.get(at))
        for at, one in enumerate(spoken)
    ]


def compare(listened: Listened, expected: ExpectedSentence, *, ears: Ears) -> SentenceFigures:
    """Compare what the instruments gave with what was meant; milliseconds."""
    transcript = listened.transcript
    return collect_figures(
        expected.kind,
        measure_sound(listened.spoken, phones=_phones(expected)),
        transcript=transcript,
        heard=None if transcript is None else _compared(expected, transcript.text, ears),
        similarity=listened.similarity,
    )


def hear_wave(spoken: SpokenSentence) -> Wave:
    """Return a sentence as the instruments hear it: at 16 kHz, without the pause before it."""
    bare = without_pause(spoken)
    return resample(as_wave(bare), bare.sample_rate_hz, HEARING_RATE_HZ)


def _as_clock(text: str) -> str:
    """Write the times of day that were heard as a clock shows them; "4.45 pm" is no decimal.

    >>> _as_clock("at 4.45 p.m., for 4.45 dollars")
    'at 4:45 p.m., for 4.45 dollars'
    """
    return _POINTED_TIME.sub(r"\1:\2", text)


def _compared(expected: ExpectedSentence, text: str, ears: Ears) -> Heard:
    heard = _as_clock(text)
    return compare_heard(expected, _read(heard, ears.front_end), heard, spell=ears.spell)


def _read(text: str, front_end: FrontEnd) -> list[SpokenWord]:
    """Read what was heard; a word in another script is one without any of our sounds."""
    try:
        words = front_end.read(text).words
    except TextError:
        return [word for part in text.split() for word in _read_word(part, front_end)]
    return [word for word in words if word.word not in PUNCTUATION]


def _read_word(part: str, front_end: FrontEnd) -> list[SpokenWord]:
    try:
        words = front_end.read(part).words
    except TextError:
        return [SpokenWord(word=part, phones=("?",), source="unreadable")]
    return [word for word in words if word.word not in PUNCTUATION]


def _similarities(
    waves: Sequence[Wave], encoder: SpeakerEncoder, reference: Reference
) -> list[float]:
    if not waves:
        return []
    return [float(cosine) for cosine in encoder.embed(waves) @ reference]


def _phones(expected: ExpectedSentence) -> int:
    return sum(len(word.phones) for word in expected.words)
