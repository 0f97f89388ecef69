"""A recogniser that hears what a test told it to hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError
from voxgate.files import digest_bytes
from voxgate.types import (
    HEARING_RATE_HZ,
    Alignment,
    EvaluatorIdentity,
    Recognition,
    Transcript,
    Wave,
    WordTiming,
)

_MAX_TOKENS = 224
_MATCH = -0.1
_MISMATCH = -4.0


def wave_digest(wave: Wave) -> str:
    """Name a wave by its content."""
    return digest_bytes(wave.tobytes())


@dataclass
class FakeRecogniser:
    """Implements ports.Recogniser; waves are recognised by content.

    Script it with `fake.hears(wave, "the text")`; an unscripted wave gives `default_text`.
    `fake.fails_on(wave)` makes the whole call raise EvaluatorError, as the real one would.
    One word counts as one token. `calls` holds the batch size of each call.
    """

    name: str = "fake-recogniser"
    weights_sha256: str = "f" * 64
    default_text: str = ""
    script: dict[str, Transcript] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(
            name=self.name, weights_sha256=self.weights_sha256, options={"fake": True}
        )

    def hears(
        self,
        wave: Wave,
        text: str,
        *,
        language: str = "en",
        language_probability: float = 0.99,
        mean_log_probability: float = -0.1,
        no_speech_probability: float = 0.01,
        capped: bool = False,
    ) -> None:
        self.script[wave_digest(wave)] = Transcript(
            text=text,
            language=language,
            language_probability=language_probability,
            mean_log_probability=mean_log_probability,
            no_speech_probability=no_speech_probability,
            capped=capped,
        )

    def fails_on(self, wave: Wave) -> None:
        self.failing.add(wave_digest(wave))

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        check_waves(waves, max_s=30.0)
        self.calls.append(len(waves))
        limits = [_MAX_TOKENS] * len(waves) if max_tokens is None else list(max_tokens)
        if len(limits) != len(waves):
            raise EvaluatorError(f"{len(waves)} waves but {len(limits)} token limits")
        return [
            self._transcript(wave, min(limit, _MAX_TOKENS))
            for wave, limit in zip(waves, limits, strict=True)
        ]

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        if len(texts) != len(waves):
            raise EvaluatorError(f"{len(waves)} waves but {len(texts)} texts")
        heard = self.transcribe(waves)
        return [
            Recognition(
                transcript=transcript,
                alignment=None if text is None else _align(wave, text, transcript.text),
            )
            for wave, text, transcript in zip(waves, texts, heard, strict=True)
        ]

    def _transcript(self, wave: Wave, limit: int) -> Transcript:
        digest = wave_digest(wave)
        if digest in self.failing:
            raise EvaluatorError(f"wave {digest[:8]}: scripted failure")
        known = self.script.get(digest)
        if known is None:
            known = Transcript(
                text=self.default_text,
                language="en",
                language_probability=0.99,
                mean_log_probability=-0.1,
                no_speech_probability=0.01 if self.default_text else 0.99,
            )
        words = known.text.split()
        if len(words) <= limit:
            path = None if known.capped else _align(wave, known.text, known.text)
            return known if path is None else replace(known, words=path.words)
        return Transcript(
            text=" ".join(words[:limit]),
            language=known.language,
            language_probability=known.language_probability,
            mean_log_probability=known.mean_log_probability,
            no_speech_probability=known.no_speech_probability,
            capped=True,
        )


def _align(wave: Wave, text: str, heard: str) -> Alignment | None:
    words = text.split()
    if not words:
        return None
    matches = [word.strip(".,!?").lower() for word in words] == [
        word.strip(".,!?").lower() for word in heard.split()
    ]
    step_s = len(wave) / HEARING_RATE_HZ / len(words)
    log_probability = _MATCH if matches else _MISMATCH
    return Alignment(
        words=tuple(
            WordTiming(
                word=word,
                start_s=index * step_s,
                end_s=(index + 1) * step_s,
                probability=0.9 if matches else 0.02,
            )
            for index, word in enumerate(words)
        ),
        mean_log_probability=log_probability,
    )
