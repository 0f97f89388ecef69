"""An aligner that finds words where a test put them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fakes.recogniser import wave_digest
from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError
from voxgate.types import HEARING_RATE_HZ, Alignment, EvaluatorIdentity, Wave, WordTiming


@dataclass
class FakeAligner:
    """Implements ports.Aligner; a wave's words last equally long, from its start to its end.

    `fake.says(wave, "the text")` makes any other text of that wave unlikely; `fake.shifts(wave, s)`
    moves its words by so many seconds; a text of `unreadable` cannot be placed, as one without a
    letter cannot. `calls` holds the batch size of each call.
    """

    name: str = "fake-aligner"
    weights_sha256: str = "a" * 64
    unreadable: set[str] = field(default_factory=set)
    script: dict[str, str] = field(default_factory=dict)
    shifted_s: dict[str, float] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(
            name=self.name, weights_sha256=self.weights_sha256, options={"fake": True}
        )

    def says(self, wave: Wave, text: str) -> None:
        self.script[wave_digest(wave)] = text

    def shifts(self, wave: Wave, by_s: float) -> None:
        self.shifted_s[wave_digest(wave)] = by_s

    def fails_on(self, wave: Wave) -> None:
        self.failing.add(wave_digest(wave))

    def align(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[Alignment | None]:
        if len(texts) != len(waves):
            raise EvaluatorError(f"expected one text a wave, got {len(waves)} and {len(texts)}")
        check_waves(waves, max_s=30.0)
        self.calls.append(len(waves))
        return [self._align(wave, text) for wave, text in zip(waves, texts, strict=True)]

    def _align(self, wave: Wave, text: str) -> Alignment | None:
        digest = wave_digest(wave)
        if digest in self.failing:
            raise EvaluatorError(f"wave {digest[:8]}: scripted failure")
        words = text.split()
        if text in self.unreadable or not any(map(str.isalnum, text)):
            return None
        likely = self.script.get(digest, text) == text
        step_s = len(wave) / HEARING_RATE_HZ / len(words)
        shift_s = self.shifted_s.get(digest, 0.0)
        return Alignment(
            words=tuple(
                WordTiming(
                    word=word,
                    start_s=max(0.0, n * step_s + shift_s),
                    end_s=(n + 1) * step_s + shift_s,
                    probability=0.5 if likely else 0.001,
                )
                for n, word in enumerate(words)
            ),
            mean_log_probability=-0.7 if likely else -4.0,
        )
