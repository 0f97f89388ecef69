"""How the gate met each bad voice, and how often it passes the sound one against itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.measuring.sound_moves import SoundMove
from voxgate.evaluation.drills.faults import Fault
from voxgate.evaluation.summary import Summary
from voxgate.gate.calibration import AA_PASS, Calibration
from voxgate.gate.criterion import Ruling
from voxgate.gate.noise import AaOutcome
from voxgate.gate.verdict import Verdict

__all__ = ["CriterionUse", "DrillReport", "FaultResult"]


@dataclass(frozen=True, kw_only=True)
class CriterionUse:
    """What one criterion does: the share of A/A runs that it lets pass, and whom it stopped.

    A bad voice counts as stopped where the criterion is among the reasons that the gate gave.
    """

    code: str
    aa_share: float
    stopped: int

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"code": self.code, "aa_share": self.aa_share, "stopped": self.stopped}


@dataclass(frozen=True, kw_only=True)
class FaultResult:
    """How the gate met one bad voice: beside the sound one as champion, and on floors alone.

    `sound` has the means of the sound measures by name, `moves` those that differ from the sound
    voice's, the farthest first.
    """

    fault: Fault
    summary: Summary
    sound: Mapping[str, float]
    moves: tuple[SoundMove, ...]
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
        return stopped and self.fault.is_named_by(self.codes)

    @property
    def outcome(self) -> str:
        """The verdict beside the champion, marked where it does not stop the voice as it should."""
        verdict = self.against_champion.ruling.value
        return verdict if self.blocked else f"{verdict}: not blocked"

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "fault": self.fault.name,
            "blocked": self.blocked,
            "verdict": self.against_champion.ruling.value,
            "verdict_on_floors": self.on_floors.ruling.value,
            "expected": sorted(self.fault.expected),
            "any_of": sorted(self.fault.any_of),
            "codes": sorted(self.codes),
            **self.summary.as_json(),
            "sound": dict(self.sound),
        }


@dataclass(frozen=True, kw_only=True)
class DrillReport:
    """All faults that were drilled, and the sound voice against itself.

    `sound_measures` are the sound voice's means of the sound measures; `left_out` is how many bad
    voices nobody asked for.
    """

    checkpoint: str
    prompts: int
    seeds: int
    takes: int
    calibration: Calibration
    sound: Summary
    sound_measures: Mapping[str, float]
    faults: tuple[FaultResult, ...]
    itself: AaOutcome
    protocol: Mapping[str, Any]
    left_out: int = 0

    @property
    def passed(self) -> bool:
        """Tell whether no bad voice got through and the sound one passes often enough."""
        return all(result.blocked for result in self.faults) and self.itself.share >= AA_PASS

    @property
    def criteria(self) -> tuple[CriterionUse, ...]:
        """What each criterion of the gate did, in the order of its verdicts."""
        blamed = self.itself.blamed
        return tuple(
            CriterionUse(
                code=code,
                aa_share=1 - blamed.get(code, 0) / self.itself.runs,
                stopped=sum(code in result.codes for result in self.faults),
            )
            for code in dict.fromkeys(self._codes())
        )

    def _codes(self) -> Iterator[str]:
        for result in self.faults:
            yield from (criterion.code for criterion in result.against_champion.criteria)
        yield from self.itself.blamed

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "passed": self.passed,
            "left_out": self.left_out,
            "checkpoint": self.checkpoint,
            "prompts": self.prompts,
            "seeds": self.seeds,
            "takes": self.takes,
            "calibration": self.calibration.as_json(),
            "sound": {**self.sound.as_json(), "sound": dict(self.sound_measures)},
            "criteria": [criterion.as_json() for criterion in self.criteria],
            "itself": self.itself.as_json(),
            "faults": [result.as_json() for result in self.faults],
        }
