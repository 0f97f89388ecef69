"""What the domain asks of the outside, as protocols; adapters implement them, tests fake them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from voxgate.types import (
    Alignment,
    Embeddings,
    EvaluatorIdentity,
    PredictedQuality,
    Probabilities,
    Recognition,
    Speech,
    Transcript,
    Wave,
)

__all__ = [
    "Aligner",
    "QualityPredictor",
    "Recogniser",
    "SpeakerEncoder",
    "SpeechDetector",
    "Transcriber",
    "Voice",
]


class Transcriber(Protocol):
    """Turns audio into text, batch by batch, deterministically (temperature 0)."""

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the instrument."""
        ...

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        """Transcribe 16 kHz waves; the answer has one entry a wave, in order.

        Each transcript has its words with their times, unless it is empty or capped.
        `max_tokens` bounds each wave's decoding; None lets the adapter's own bound stand.

        Raises:
            EvaluatorError: the recogniser failed; there is no partial answer.
        """
        ...


class Recogniser(Transcriber, Protocol):
    """A transcriber that also forces a given text onto the audio in the same encoder pass."""

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        """Transcribe each 16 kHz wave and align it with its text, if it has one."""
        ...


class SpeakerEncoder(Protocol):
    """Turns audio into a vector that tells speakers apart."""

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the instrument."""
        ...

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        """Embed 16 kHz waves; (N, D) float32 with rows of unit length.

        Raises:
            EvaluatorError: the encoder failed or a wave is too short to embed.
        """
        ...


class QualityPredictor(Protocol):
    """Guesses how listeners would mark audio."""

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the instrument."""
        ...

    def predict(self, waves: Sequence[Wave]) -> list[PredictedQuality]:
        """Mark 16 kHz waves; the answer has one entry a wave, in order.

        Raises:
            EvaluatorError: the predictor failed or a wave cannot be measured.
        """
        ...


class SpeechDetector(Protocol):
    """Tells where in a recording of any length somebody speaks."""

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the instrument."""
        ...

    @property
    def frame_samples(self) -> int:
        """Samples at 16 kHz that one probability stands for."""
        ...

    def detect(self, blocks: Iterable[Wave]) -> Probabilities:
        """Listen to one recording, given as 16 kHz blocks of any lengths; (N,) in [0, 1].

        N is the number of frames that hold all samples, the last one filled up with silence; how
        the recording is divided into blocks changes nothing.

        Raises:
            EvaluatorError: the detector failed.
        """
        ...


class Aligner(Protocol):
    """Places the words of given texts in audio; a second opinion beside a recogniser's."""

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the instrument."""
        ...

    def align(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[Alignment | None]:
        """Align each 16 kHz wave with its text; None where the text cannot be placed.

        Raises:
            EvaluatorError: the aligner failed, or there is not one text a wave.
        """
        ...


class Voice(Protocol):
    """A voice that speaks text."""

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of what `speak` returns."""
        ...

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak `text`; the same text and seed give the same audio.

        Raises:
            TextError: the text has nothing speakable.
            VoiceError: the voice cannot speak it.
        """
        ...
