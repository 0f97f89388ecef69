"""What a verdict is measured against: floors, margins, and the instruments that were pinned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from voxgate.errors import BundleError

__all__ = ["THRESHOLDS_SCHEMA", "Thresholds", "thresholds_from_json"]

THRESHOLDS_SCHEMA = 2
LATER_LOOKS_SHARE = 0.2
"""What the first look leaves of the allowed error to those after it."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """All limits of one judgement. `prompts` and `seeds` say which samples must be there.

    `model_name` is the registered model that the voice would be released as.
    `look` counts how often this challenger was judged, from 1; `candidate` counts the challengers
    of one champion on these prompts, from 1, and `first_block` is where this one's first look was;
    see `confidence_at_look`. `weights` are the pinned sha256 by role.
    """

    model_name: str
    wer_margin: float
    similarity_margin: float
    max_wer: float
    max_catastrophe_rate: float
    min_similarity: float
    similarity_floor: float
    max_share_below_floor: float
    max_sound_outlier_rate: float
    slice_max_wer: float
    slice_max_catastrophe_rate: float
    min_slice_prompts: int
    min_prompts: int
    max_prompts: int
    max_looks: int
    look: int
    candidate: int = 1
    first_block: int = 1
    confidence: float
    bootstrap_draws: int
    bootstrap_seed: int
    catastrophe_alpha: float
    benchmark_digest: str
    prompts: tuple[str, ...]
    seeds: int
    weights: Mapping[str, str]

    @property
    def confidence_at_look(self) -> float:
        """Return the confidence of each one-sided bound at this look.

        The chance of a wrong PASS is spent over all planned looks: four fifths at the first, the
        rest evenly over the others, so that drawing more samples cannot wear the gate down. It is
        spent over candidates as well: the j-th that is set against one champion has 1 / j**2 of
        the first's, so that all that ever come have less than 1.65 times as much together.
        """
        alpha = (1 - self.confidence) / self.candidate**2
        if self.max_looks == 1:
            return 1 - alpha
        if self.look == 1:
            return 1 - alpha * (1 - LATER_LOOKS_SHARE)
        return 1 - alpha * LATER_LOOKS_SHARE / (self.max_looks - 1)

    def as_json(self) -> dict[str, Any]:
        """Return the thresholds as JSON values."""
        return {
            "schema": THRESHOLDS_SCHEMA,
            **asdict(self),
            "prompts": list(self.prompts),
            "weights": dict(self.weights),
        }


def thresholds_from_json(document: Any, *, where: str) -> Thresholds:
    """Parse thresholds.

    Raises:
        BundleError: a field is missing or unknown, or the schema is newer.
    """
    if not isinstance(document, dict) or document.get("schema") != THRESHOLDS_SCHEMA:
        raise BundleError(
            f"{where}: expected thresholds of schema {THRESHOLDS_SCHEMA}; use the voxgate version "
            "that wrote them"
        )
    values = {name: value for name, value in document.items() if name != "schema"}
    expected = {entry.name for entry in fields(Thresholds)}
    if values.keys() != expected:
        odd = ", ".join(sorted(values.keys() ^ expected))
        raise BundleError(f"{where}: missing or unknown fields: {odd}")
    return Thresholds(**{**values, "prompts": tuple(values["prompts"])})
