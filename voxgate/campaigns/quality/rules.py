"""The limits that a sentence is held against, and the judgement by them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.figures import MEASURES, Measure, SentenceFigures
from voxgate.files import digest_bytes, digest_json

__all__ = ["QualityRules", "QualityState", "SentenceQuality", "judge_figures"]


class QualityState(StrEnum):
    """Whether a sentence may be delivered."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class QualityRules:
    """One limit a fault of `MEASURES`: a figure beyond it has the fault, one on it has not.

    They are made by a calibration (`calibration.calibrate`) and read from its record.
    """

    limits: Mapping[str, float] = field(hash=False)

    def __post_init__(self) -> None:
        wanted = {measure.fault for measure in MEASURES}
        given = set(self.limits)
        if given != wanted or not all(math.isfinite(limit) for limit in self.limits.values()):
            raise ValueError(
                f"expected one finite limit for each of {sorted(wanted)}; missing "
                f"{sorted(wanted - given)}, unknown {sorted(given - wanted)}"
            )

    @property
    def digest(self) -> str:
        """Name the limits; a part of the key of what was checked by them."""
        return digest_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """Return the limits as JSON values."""
        return {"limits": dict(sorted(self.limits.items()))}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> QualityRules:
        """Read what `as_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no set of rules of this version.
        """
        return QualityRules(limits={str(k): float(v) for k, v in document["limits"].items()})

    def breaks(self, measure: Measure, value: float) -> bool:
        """Whether a figure is beyond its limit."""
        limit = self.limits[measure.fault]
        return value > limit if measure.above else value < limit


@dataclass(frozen=True, kw_only=True)
class SentenceQuality:
    """What the check of one spoken sentence found.

    `faults` are names of `MEASURES`, and those that need no limit: `empty`, `silent`, `too_long`,
    `too_short`, `stopped_by_limit`, `nothing_heard`, `endless`, `wrong_value`. `heard` is kept only
    where a campaign keeps its texts; `heard_sha256` is None where nobody listened.
    """

    state: QualityState
    kind: SentenceKind
    faults: tuple[str, ...]
    figures: Mapping[str, float] = field(hash=False)
    rules_digest: str
    heard_sha256: str | None
    heard: str | None = None

    @property
    def order(self) -> tuple[int, float, float, float]:
        """Sort key of attempts at one sentence, the best first.

        What passed comes first; then edits in the frame, distance of the slot, similarity. What
        could not be listened to is the worst.
        """
        worst = math.inf
        return (
            int(self.state is not QualityState.PASSED),
            self.figures.get("frame_edits", worst),
            self.figures.get("slot_distance", worst),
            -self.figures.get("similarity", -worst),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {
            "state": str(self.state),
            "kind": str(self.kind),
            "faults": list(self.faults),
            "figures": dict(self.figures),
            "rules_digest": self.rules_digest,
            "heard_sha256": self.heard_sha256,
            "heard": self.heard,
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> SentenceQuality:
        """Read what `as_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such answer.
        """
        return SentenceQuality(
            state=QualityState(document["state"]),
            kind=SentenceKind(document["kind"]),
            faults=tuple(str(fault) for fault in document["faults"]),
            figures={str(k): float(v) for k, v in document["figures"].items()},
            rules_digest=str(document["rules_digest"]),
            heard_sha256=document["heard_sha256"],
            heard=document["heard"],
        )


def judge_figures(
    figures: SentenceFigures, rules: QualityRules, *, keep_text: bool = False
) -> SentenceQuality:
    """Hold what was measured of a sentence against the limits."""
    faults = list(figures.certain)
    for measure in MEASURES:
        value = figures.values.get(measure.figure)
        if value is not None and rules.breaks(measure, value):
            faults.append(measure.fault)
    heard = figures.heard
    return SentenceQuality(
        state=QualityState.FAILED if faults else QualityState.PASSED,
        kind=figures.kind,
        faults=tuple(faults),
        figures=figures.values,
        rules_digest=rules.digest,
        heard_sha256=None if heard is None else digest_bytes(heard.encode()),
        heard=heard if keep_text else None,
    )
