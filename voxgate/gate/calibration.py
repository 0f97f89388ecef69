"""How far two runs of one and the same model lie apart: the measure of every margin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from voxgate.errors import BundleError
from voxgate.evaluation.sound.catalogue import CATALOGUE, MEASURES
from voxgate.gate.sound_limits import CRITICAL
from voxgate.gate.statistics import margin_factor

__all__ = ["AA_PASS", "CALIBRATED", "CALIBRATION_SCHEMA", "Calibration", "calibration_from_json"]

CALIBRATION_SCHEMA = 2
"""2 has a standard error of every figure; in 1 WER and similarity alone had one."""

AA_PASS = 0.95
"""An equal voice passes against itself at least this often, over all criteria together."""

CALIBRATED = ("wer", "similarity", CRITICAL, *MEASURES)
"""What a record has the standard errors of."""

_SHARE = (1 - AA_PASS) / 3
"""Of the allowed failures: as much for WER and for catastrophes as for all other figures."""

_OTHER_BOUNDS = 2 + sum(2 if measure.worse == "either" else 1 for measure in CATALOGUE)
"""Bounds that share the last third: similarity, critical words, and of the sound one a side."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Standard errors of the difference between A/A runs: one model, other seeds.

    They hold for one measurement (`protocol_digest`), one benchmark, this many seeds a prompt, and
    as many `prompts` as they were measured on (see `for_prompts`). `provenance` says on which
    voice, how and when they were measured; no margin depends on it.
    """

    protocol_digest: str
    benchmark_digest: str
    seeds: int
    prompts: int
    runs: int
    standard_errors: Mapping[str, float]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wer_standard_error(self) -> float:
        """That of corpus WER."""
        return self.standard_errors["wer"]

    @property
    def similarity_standard_error(self) -> float:
        """That of mean similarity."""
        return self.standard_errors["similarity"]

    @property
    def uncalibrated(self) -> tuple[str, ...]:
        """The figures without a standard error that can bound anything."""
        errors = self.standard_errors
        return tuple(
            name
            for name in CALIBRATED
            if name not in errors or not (math.isfinite(errors[name]) and errors[name] >= 0)
        )

    @property
    def is_sound(self) -> bool:
        """Tell whether every figure has a standard error that can bound something."""
        return self.runs > 1 and self.prompts > 0 and not self.uncalibrated

    def margin(self, name: str, smallest: float, *, confidence: float) -> float:
        """Return the margin of a figure: never below `smallest`.

        It is widened until an equal voice misses it in its share of the allowed failures. Whatever
        hangs together among the criteria, all are met at least as often as `AA_PASS` says
        (Bonferroni's inequality).

        Args:
            name: the figure.
            smallest: what a margin is never below.
            confidence: of a bound over all looks together; a later look is not more tolerant.
        """
        share = _SHARE if name == "wer" else _SHARE / _OTHER_BOUNDS
        factor = margin_factor(confidence, power=1 - share, prompts=max(2, self.prompts))
        return round(max(smallest, factor * self.standard_errors[name]), 6)

    def for_prompts(self, prompts: int, *, of: int | None = None) -> Calibration:
        """Return the standard errors of `prompts` prompts; a mean's falls as their root.

        Args:
            prompts: how many are judged.
            of: how many these standard errors are of; None is what the record says.
        """
        factor = ((self.prompts if of is None else of) / prompts) ** 0.5
        errors = {name: error * factor for name, error in self.standard_errors.items()}
        return replace(self, prompts=prompts, standard_errors=errors)

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {
            "schema": CALIBRATION_SCHEMA,
            **asdict(self),
            "standard_errors": dict(self.standard_errors),
            "provenance": dict(self.provenance),
        }


def calibration_from_json(document: Any, *, where: str) -> Calibration:
    """Parse a calibration record. One of schema 1 is read; the gate holds with it.

    Raises:
        BundleError: a field is missing, unknown or no number, or the schema is newer.
    """
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema not in (1, CALIBRATION_SCHEMA):
        raise BundleError(
            f"{where}: expected a calibration record of schema 1 to {CALIBRATION_SCHEMA}, "
            f"got {schema!r}"
        )
    values = {name: value for name, value in document.items() if name != "schema"}
    values = _from_1(values) if schema == 1 else values
    expected = {entry.name for entry in fields(Calibration)}
    if values.keys() != expected:
        odd = ", ".join(sorted(values.keys() ^ expected))
        raise BundleError(f"{where}: missing or unknown fields: {odd}")
    for name in ("standard_errors", "provenance"):
        if not isinstance(values[name], dict):
            raise BundleError(f"{where}: {name}: expected an object")
    numbers = {name: values[name] for name in ("runs", "seeds", "prompts")}
    for name, value in {**numbers, **values["standard_errors"]}.items():
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise BundleError(f"{where}: {name}: expected a number, got {value!r}")
    return Calibration(**values)


def _from_1(values: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a record of schema 1 to today's fields, without what was not measured then."""
    old = {name: f"{name}_standard_error" for name in ("wer", "similarity")}
    provenance = values.get("provenance")
    return {
        **{name: value for name, value in values.items() if name not in old.values()},
        "prompts": provenance.get("prompts", 0) if isinstance(provenance, dict) else 0,
        "standard_errors": {name: values[key] for name, key in old.items() if key in values},
    }
