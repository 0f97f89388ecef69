"""How a score is made: the instruments and rules that two comparable numbers must share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Protocol

from voxgate.ports import QualityPredictor, SpeakerEncoder, Transcriber
from voxgate.text.counting_units import WORD

__all__ = [
    "SCORING_VERSION",
    "Instruments",
    "Normaliser",
    "Normalisers",
    "ScoringRules",
    "normaliser_identity",
]

SCORING_VERSION = 2
"""Raise it when the code of this package changes a number."""


_BATCHES_A_WORKER = 4
"""The more there are, the less waits for the last one; as many are in memory, and come again when
one of them fails."""


class Normaliser(Protocol):
    """Brings reference and transcript to one form before errors are counted."""

    @property
    def name(self) -> str:
        """Say which one it is."""
        ...

    @property
    def fingerprint(self) -> str:
        """Digest its rules; figures of two fingerprints are never compared."""
        ...

    @property
    def unit(self) -> str:
        """Name what errors are counted in (`voxgate.text.counting_units`)."""
        ...

    def __call__(self, text: str) -> str:
        """Return `text` as it is compared: units, parted by spaces."""
        ...

    def characters(self, text: str) -> str:
        """Return what the rate of characters is counted in."""
        ...

    def toneless(self, text: str) -> str | None:
        """Return the units without tones, one for one; None where the language has none."""
        ...

    def languages(self, text: str) -> frozenset[str]:
        """Return the languages of the text's words; none where all are of the benchmark's."""
        ...


class Normalisers(Protocol):
    """The two that each sample is counted with."""

    @property
    def normaliser(self) -> Normaliser:
        """What is judged."""
        ...

    @property
    def published(self) -> Normaliser:
        """What published figures were counted with; shown, never judged."""
        ...


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
    """The evaluators of one run, handed in by the composition root; `workers` measure with them."""

    transcriber: Transcriber
    encoder: SpeakerEncoder
    normaliser: Normaliser
    published: Normaliser
    quality: QualityPredictor
    batch_size: int
    workers: int = 1

    @property
    def batches(self) -> int:
        """How many batches are handed over at once."""
        return 1 if self.workers == 1 else _BATCHES_A_WORKER * self.workers

    def protocol(self, rules: ScoringRules) -> dict[str, object]:
        """Describe the measurement as JSON values; its digest decides comparability."""
        return {
            "scoring_version": SCORING_VERSION,
            "transcriber": self.transcriber.identity.as_json(),
            "speaker_encoder": self.encoder.identity.as_json(),
            "quality_predictor": self.quality.identity.as_json(),
            "normaliser": normaliser_identity(self.normaliser),
            "published_normaliser": normaliser_identity(self.published),
            "aggregation": "corpus",
            "rules": asdict(rules),
            # Words are not named: evidence of before counted nothing else.
            **({} if self.normaliser.unit == WORD.code else {"unit": self.normaliser.unit}),
        }


def normaliser_identity(normaliser: Normaliser) -> dict[str, str]:
    """Return how a normaliser is named in evidence."""
    return {"name": normaliser.name, "fingerprint": normaliser.fingerprint}
