"""A quality predictor that gives the marks that a test told it to give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fakes.recogniser import wave_digest
from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError
from voxgate.types import EvaluatorIdentity, PredictedQuality, Wave

_GOOD = PredictedQuality(overall=3.3, signal=3.6, background=4.0)


@dataclass
class FakeQualityPredictor:
    """Implements ports.QualityPredictor; waves are recognised by content.

    Script it with `fake.marks(wave, overall=2.0, background=1.5)`; an unscripted wave is good.
    """

    name: str = "fake-quality-predictor"
    weights_sha256: str = "d" * 64
    script: dict[str, PredictedQuality] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(
            name=self.name, weights_sha256=self.weights_sha256, options={"fake": True}
        )

    def marks(self, wave: Wave, *, overall: float, background: float) -> None:
        self.script[wave_digest(wave)] = PredictedQuality(
            overall=overall, signal=overall, background=background
        )

    def fails_on(self, wave: Wave) -> None:
        self.failing.add(wave_digest(wave))

    def predict(self, waves: Sequence[Wave]) -> list[PredictedQuality]:
        check_waves(waves)
        self.calls.append(len(waves))
        for wave in waves:
            if wave_digest(wave) in self.failing:
                raise EvaluatorError(f"wave {wave_digest(wave)[:8]}: scripted failure")
        return [self.script.get(wave_digest(wave), _GOOD) for wave in waves]
