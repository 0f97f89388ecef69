"""How a score is made: the instruments and rules that two comparable numbers must share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from voxgate.files import digest_json
from voxgate.ports import SpeakerEncoder, Transcriber

__all__ = ["SCORING_VERSION", "Instruments", "Normaliser", "ScoringRules"]

SCORING_VERSION = 1
"""Raise it when the code of this package changes a number."""

Normaliser = Callable[[str], str]
"""Brings reference and transcript to one spelling before errors are counted."""


@dataclass(frozen=True, kw_only=True)
class ScoringRules:
    """Bounds that turn a measurement into a catastrophe. Sources: docs/evaluation.md."""

    language: str
    max_audio_ratio: float
    max_tokens_per_second: float
    catastrophe_wer: float
    min_duration_ratio: float
    max_duration_ratio: float
    wrong_language_probability: float


@dataclass(frozen=True, kw_only=True)
class Instruments:
    """The evaluators of one run, handed in by the composition root."""

    transcriber: Transcriber
    encoder: SpeakerEncoder
    normaliser: Normaliser
    batch_size: int

    def protocol(self, rules: ScoringRules, texts: Iterable[str]) -> dict[str, object]:
        """Describe the measurement as JSON values; its digest decides comparability.

        The normaliser is a function without weights: it is pinned by what it does to `texts`.
        """
        kind = type(self.normaliser)
        return {
            "scoring_version": SCORING_VERSION,
            "transcriber": self.transcriber.identity.as_json(),
            "speaker_encoder": self.encoder.identity.as_json(),
            "normaliser": {
                "name": getattr(self.normaliser, "__name__", kind.__qualname__),
                "fingerprint": digest_json([self.normaliser(text) for text in texts]),
            },
            "aggregation": "corpus",
            "rules": asdict(rules),
        }
