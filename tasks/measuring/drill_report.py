"""How the gate met each bad voice, and how often it passes the sound one against itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voxgate.evaluation.drills.bad_voices import Fault
from voxgate.evaluation.summary import Summary
from voxgate.gate.calibration import AA_PASS, Calibration
from voxgate.gate.criterion import Ruling
from voxgate.gate.noise import AaOutcome
from voxgate.gate.verdict import Verdict

__all__ = ["DrillReport", "FaultResult"]


@dataclass(frozen=True, kw_only=True)
class FaultResult:
    """How the gate met one bad voice: beside the sound one as champion, and on floors alone."""

    fault: Fault
    summary: Summary
    against_champion: Verdict
    on_floors: Verdict

    @property
    def codes(self) -> frozenset[str]:
        """The reasons that the gate gave, beside the champion."""
        return frozenset(reason.code for reason in self.against_champion.reasons)

    @property
    def blocked(self) -> bool:
        """Tell whether it was stopped for the right reasons; a HOLD has measured nothing."""
        stopped = self.against_champion.ruling in (Ruling.FAIL, Ruling.INCONCLUSIVE)
        return stopped and self.fault.expected <= self.codes

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "fault": self.fault.name,
            "blocked": self.blocked,
            "verdict": self.against_champion.ruling.value,
            "verdict_on_floors": self.on_floors.ruling.value,
            "expected": sorted(self.fault.expected),
            "codes": sorted(self.codes),
            **self.summary.as_json(),
        }


@dataclass(frozen=True, kw_only=True)
class DrillReport:
    """All faults, and the sound voice against itself."""

    checkpoint: str
    prompts: int
    seeds: int
    takes: int
    calibration: Calibration
    sound: Summary
    faults: tuple[FaultResult, ...]
    itself: AaOutcome
    protocol: Mapping[str, Any]

    @property
    def passed(self) -> bool:
        """Tell whether no bad voice got through and the sound one passes often enough."""
        return all(result.blocked for result in self.faults) and self.itself.share >= AA_PASS

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "passed": self.passed,
            "checkpoint": self.checkpoint,
            "prompts": self.prompts,
            "seeds": self.seeds,
            "takes": self.takes,
            "calibration": self.calibration.as_json(),
            "sound": self.sound.as_json(),
            "itself": self.itself.as_json(),
            "faults": [result.as_json() for result in self.faults],
        }
