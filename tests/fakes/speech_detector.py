"""A detector of speech that takes whatever is loud enough for somebody who speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from voxgate.errors import EvaluatorError
from voxgate.types import EvaluatorIdentity, Probabilities, Wave

_FRAME = 512


@dataclass
class FakeSpeechDetector:
    """Implements ports.SpeechDetector: a frame above `loud_db` (dBFS) is speech.

    With `failing` it raises EvaluatorError, as the real one would. `calls` holds the samples of
    each recording that it heard.
    """

    name: str = "fake-speech-detector"
    weights_sha256: str = "c" * 64
    loud_db: float = -50.0
    failing: bool = False
    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(
            name=self.name, weights_sha256=self.weights_sha256, options={"fake": True}
        )

    @property
    def frame_samples(self) -> int:
        return _FRAME

    def detect(self, blocks: Iterable[Wave]) -> Probabilities:
        parts = [np.zeros(0, dtype=np.float32), *blocks]
        if self.failing:
            raise EvaluatorError("scripted failure")
        for number, block in enumerate(parts[1:]):
            if block.ndim != 1 or block.dtype != np.float32 or not np.isfinite(block).all():
                raise EvaluatorError(f"block {number}: expected finite (T,) float32")
        wave = np.concatenate(parts)
        self.calls.append(len(wave))
        frames = np.pad(wave, (0, -len(wave) % _FRAME)).reshape(-1, _FRAME)
        level_db = 10 * np.log10(np.mean(np.square(frames), axis=1) + 1e-12)
        return np.where(level_db > self.loud_db, 0.95, 0.05).astype(np.float32)
