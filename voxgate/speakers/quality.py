"""How well a voice speaks as a profile: measured, for one model version and one preset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["QualityScore", "median_upper_bound"]

_FIGURES = (
    "similarity_p50",
    "similarity_p05",
    "similarity_upper",
    "wer",
    "self_similarity",
    "snr_db",
)
_DOUBT = 0.05
_FEWEST = 5


@dataclass(frozen=True, kw_only=True)
class QualityScore:
    """Figures of N samples; they hold for this model version and this preset alone.

    similarity_p50, similarity_p05: cosine of each sample to the reference recording.
    similarity_upper: the median lies below it, at 95 % (`median_upper_bound`).
    wer: word errors over words, of all samples together.
    self_similarity: median cosine of each sample to the mean of the others.
    snr_db: median, of the samples.
    measured_at: when, ISO 8601 in UTC; a fact, and no part of what the score is of.
    """

    model_digest: str
    preset_digest: str
    similarity_p50: float
    similarity_p05: float
    similarity_upper: float
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


def median_upper_bound(values: Sequence[float]) -> float:
    """Return a bound that the median of what was sampled lies below, one-sided, at 95 %.

    It is an order statistic, so nothing is assumed of the distribution: that k or more of N samples
    lie below the median has the chance P(Binomial(N, 1/2) >= k).

    Raises:
        ValueError: there are fewer than 5 values; then even the largest is no such bound.
    """
    count = len(values)
    if count < _FEWEST:
        raise ValueError(f"expected at least {_FEWEST} values, got {count}")
    rank, chance = count, 0.5**count
    while (more := chance + math.comb(count, rank - 1) / 2**count) <= _DOUBT:
        rank, chance = rank - 1, more
    return sorted(values)[rank - 1]
