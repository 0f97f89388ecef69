"""A speaker encoder that tells people by their pitch, and hears two of them as something between.

Voices of `tests.fakes.speech.buzz`: each pitch is a person, .6 alike as people are, and a window of
two people lies between both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.fakes.speech import RATE_HZ
from voxgate.adapters.wave_checks import check_waves
from voxgate.types import Embeddings, EvaluatorIdentity, Wave

_FRAME = RATE_HZ // 10
_ALIKE = 0.6
_QUIET = 0.01


@dataclass
class PitchEncoder:
    """Implements ports.SpeakerEncoder; each pitch of `people` is one, others the nearest of them.

    `blur` is the standard deviation of what every window adds by itself.
    """

    people: Sequence[float] = (110.0, 160.0, 230.0, 320.0)
    blur: float = 0.25
    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(
            name="fake-pitch-encoder",
            weights_sha256="b" * 64,
            options={"people": list(self.people), "blur": self.blur},
        )

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        check_waves(waves, min_s=0.4, audible=True)
        self.calls.append(len(waves))
        return np.stack([self._vector(wave) for wave in waves]).astype(np.float32)

    def _vector(self, wave: Wave) -> np.ndarray:
        generator = np.random.default_rng(int(1e6 * float(np.abs(wave).mean())))
        own = np.zeros(len(self.people) + 1 + 32)
        frames = wave[: len(wave) // _FRAME * _FRAME].reshape(-1, _FRAME)
        for frame in frames[np.abs(frames).max(axis=1) > _QUIET]:
            own[1 + self._person(frame)] += 1
        own[1:] /= np.linalg.norm(own) or 1.0
        own[0] = np.sqrt(_ALIKE / (1 - _ALIKE))
        own /= np.linalg.norm(own)
        noise = generator.standard_normal(32)
        own[-32:] = self.blur * noise / np.linalg.norm(noise)
        unit: np.ndarray = own / np.linalg.norm(own)
        return unit

    def _person(self, frame: Wave) -> int:
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(len(frame)), 8 * len(frame)))
        hertz = np.arange(len(spectrum)) * RATE_HZ / (8 * len(frame))
        spectrum[(hertz < 80) | (hertz > 400)] = 0
        pitch_hz = float(hertz[np.argmax(spectrum)])
        return int(np.argmin([abs(np.log(pitch_hz / one)) for one in self.people]))
