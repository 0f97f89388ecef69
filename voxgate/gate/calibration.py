"""How far two runs of one and the same model lie apart: the measure of every margin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from voxgate.errors import BundleError
from voxgate.gate.statistics import margin_factor

__all__ = ["AA_PASS", "CALIBRATION_SCHEMA", "Calibration", "calibration_from_json"]

CALIBRATION_SCHEMA = 1

AA_PASS = 0.95
"""An equal voice passes against itself at least this often, over all criteria together."""

_CRITERIA = 3
"""What luck alone can decide against an equal voice: WER, similarity, catastrophes."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Standard errors of the difference between A/A runs: one model, other seeds.

    They hold for one measurement (`protocol_digest`), one benchmark and this many seeds a prompt.
    `provenance` says on which voice, how and when they were measured; no margin depends on it.
    """

    protocol_digest: str
    benchmark_digest: str
    seeds: int
    runs: int
    wer_standard_error: float
    similarity_standard_error: float
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Tell whether the standard errors are numbers that can bound anything."""
        errors = (self.wer_standard_error, self.similarity_standard_error)
        return self.runs > 1 and all(math.isfinite(error) and error >= 0 for error in errors)

    def wer_margin(self, smallest: float, *, confidence: float) -> float:
        """Return the non-inferiority margin of WER: never below `smallest`."""
        return _margin(smallest, self.wer_standard_error, confidence)

    def similarity_margin(self, smallest: float, *, confidence: float) -> float:
        """Return the non-inferiority margin of similarity: never below `smallest`."""
        return _margin(smallest, self.similarity_standard_error, confidence)

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        document = {"schema": CALIBRATION_SCHEMA, **asdict(self)}
        return {**document, "provenance": dict(self.provenance)}


def calibration_from_json(document: Any, *, where: str) -> Calibration:
    """Parse a calibration record.

    Raises:
        BundleError: a field is missing, unknown or no number, or the schema is newer.
    """
    if not isinstance(document, dict) or document.get("schema") != CALIBRATION_SCHEMA:
        raise BundleError(f"{where}: expected a calibration record of schema {CALIBRATION_SCHEMA}")
    values = {name: value for name, value in document.items() if name != "schema"}
    expected = {entry.name for entry in fields(Calibration)}
    if values.keys() != expected:
        odd = ", ".join(sorted(values.keys() ^ expected))
        raise BundleError(f"{where}: missing or unknown fields: {odd}")
    for name in ("wer_standard_error", "similarity_standard_error", "runs", "seeds"):
        if not isinstance(values[name], (int, float)):
            raise BundleError(f"{where}: {name}: expected a number, got {values[name]!r}")
    if not isinstance(values["provenance"], dict):
        raise BundleError(f"{where}: provenance: expected an object")
    return Calibration(**values)


def _margin(smallest: float, standard_error: float, confidence: float) -> float:
    """Widen a margin until an equal voice misses it in its share of the allowed failures.

    The criteria share them equally: whatever hangs together among them, all are met at least as
    often as `AA_PASS` says (Bonferroni's inequality).
    """
    power = 1 - (1 - AA_PASS) / _CRITERIA
    return round(max(smallest, margin_factor(confidence, power=power) * standard_error), 6)
