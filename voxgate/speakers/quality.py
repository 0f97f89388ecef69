"""How well a voice speaks as a profile: measured, for one model version and one preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["QualityScore"]

_FIGURES = ("similarity_p50", "similarity_p05", "wer", "self_similarity", "snr_db")


@dataclass(frozen=True, kw_only=True)
class QualityScore:
    """Figures of N samples; they hold for this model version and this preset alone.

    similarity_p50, similarity_p05: cosine of each sample to the reference recording.
    wer: word errors over words, of all samples together.
    self_similarity: median cosine of each sample to the mean of the others.
    snr_db: median, of the samples.
    measured_at: when, ISO 8601 in UTC; a fact, and no part of what the score is of.
    """

    model_digest: str
    preset_digest: str
    similarity_p50: float
    similarity_p05: float
    wer: float
    self_similarity: float
    snr_db: float
    n: int
    evaluators: Mapping[str, Any] = field(hash=False)
    """Which instruments measured: names to identities."""

    measured_at: str

    def as_json(self) -> dict[str, Any]:
        """Return the score as JSON values."""
        return {**vars(self), "evaluators": dict(self.evaluators)}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> QualityScore:
        """Read what `as_json` gave.

        Raises:
            TypeError, KeyError, ValueError: it is no score.
        """
        figures = {name: float(document[name]) for name in _FIGURES}
        return QualityScore(
            model_digest=str(document["model_digest"]),
            preset_digest=str(document["preset_digest"]),
            n=int(document["n"]),
            evaluators=dict(document["evaluators"]),
            measured_at=str(document["measured_at"]),
            **figures,
        )
