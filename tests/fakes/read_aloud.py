"""A recording of known words: noise bursts with pauses, and who could say what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voxgate.corpus.cutting.spans import Span
from voxgate.types import HEARING_RATE_HZ, Wave, WordTiming

__all__ = ["ReadAloud", "read_aloud"]

_NOISE = 0.0005
_LOUD = 0.1


@dataclass(frozen=True)
class ReadAloud:
    """A wave, where its parts are, and the words, evenly spread over their parts."""

    wave: Wave
    spans: tuple[Span, ...]
    words: tuple[WordTiming, ...]

    def read(self, span: Span) -> Wave:
        return self.wave[span.start : span.end]

    @property
    def n_samples(self) -> int:
        return len(self.wave)


def read_aloud(*parts: tuple[float, str, float], seed: int = 0) -> ReadAloud:
    """Make `(pause before it, text, seconds)` of each part, with 0.5 s of pause at the end."""
    generator = np.random.default_rng(seed)
    at_s, spans, words = 0.0, [], []
    for pause_s, text, seconds in parts:
        at_s += pause_s
        spans.append(Span.of_seconds(at_s, at_s + seconds))
        words += _spread(text.split(), at_s, seconds)
        at_s += seconds
    wave = _NOISE * generator.standard_normal(round((at_s + 0.5) * HEARING_RATE_HZ))
    for span in spans:
        wave[span.start : span.end] = _LOUD * generator.standard_normal(span.n_samples)
    return ReadAloud(wave.astype(np.float32), tuple(spans), tuple(words))


def _spread(texts: Sequence[str], start_s: float, seconds: float) -> list[WordTiming]:
    step = seconds / max(1, len(texts))
    return [
        WordTiming(
            word=text, start_s=start_s + n * step, end_s=start_s + (n + 1) * step, probability=0.9
        )
        for n, text in enumerate(texts)
    ]
