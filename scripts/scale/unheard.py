"""A recogniser that hears nothing and believes the text: what it says of a clip is its text."""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.types import (
    HEARING_RATE_HZ,
    Alignment,
    EvaluatorIdentity,
    Recognition,
    Transcript,
    Wave,
    WordTiming,
)

__all__ = ["BelievingRecogniser"]


class BelievingRecogniser:
    """Implements ports.Recogniser, for measuring everything but a recogniser."""

    @property
    def identity(self) -> EvaluatorIdentity:
        """Nobody's: no weights, and no score may come of it."""
        return EvaluatorIdentity(name="believes", weights_sha256="0" * 64, options={})

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        """Refuse: without a text there is nothing to believe."""
        raise NotImplementedError

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        """Return each text as what was heard, its words at equal distances."""
        return [_believe(wave, text or "") for wave, text in zip(waves, texts, strict=True)]


def _believe(wave: Wave, text: str) -> Recognition:
    words = text.split()
    step_s = len(wave) / HEARING_RATE_HZ / max(1, len(words))
    timings = tuple(
        WordTiming(word=word, start_s=at * step_s, end_s=(at + 1) * step_s, probability=0.9)
        for at, word in enumerate(words)
    )
    return Recognition(
        transcript=Transcript(
            text=text,
            language="en",
            language_probability=0.99,
            mean_log_probability=-0.2,
            no_speech_probability=0.01,
            words=timings,
        ),
        alignment=Alignment(words=timings, mean_log_probability=-0.2),
    )
