"""Is the live voice still what it was released as? Today's samples against the release's own.

Both arms are one and the same model with other seeds, so they differ by what calibration measured,
unless something around the weights changed: a library, a machine, the voice package. A release must
prove that it is no worse; a live voice is taken down only when it is proved to be worse. Hence the
three answers: HOLD when a number cannot be trusted, FAILED when a criterion of the gate is a FAIL
(the bound on the wrong side of the floor or margin), else OK, also where the gate would say
INCONCLUSIVE: a day's block is too small for more, and tomorrow brings other prompts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.plan import item_seed
from voxgate.gate.arm import Arm, build_arm
from voxgate.gate.calibration import Calibration
from voxgate.gate.comparability import distrust_comparison
from voxgate.gate.comparison import compare_arms, judge_comparison
from voxgate.gate.completeness import distrust
from voxgate.gate.criterion import Criterion, Ruling, worst
from voxgate.gate.deviations import find_deviations, find_worst
from voxgate.gate.floors import describe_arm, judge_floors
from voxgate.gate.sound import hear_arm, judge_sound, judge_sound_floors
from voxgate.gate.sound_figures import ResampledSound, describe_sound
from voxgate.gate.sound_limits import find_ranges
from voxgate.gate.thresholds import Thresholds

__all__ = ["Observation", "judge_live"]

WHO, SUBJECT = "live voice", "release"


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What a day's samples say. `figures` are empty when the numbers cannot be trusted."""

    criteria: tuple[Criterion, ...]
    figures: Mapping[str, Any]

    @property
    def ruling(self) -> Ruling:
        """HOLD, FAIL, or else PASS: what is not proved is not held against the voice."""
        found = worst(criterion.ruling for criterion in self.criteria)
        return Ruling.PASS if found is Ruling.INCONCLUSIVE else found

    @property
    def reasons(self) -> tuple[Criterion, ...]:
        """The criteria that made the ruling; none for a PASS."""
        decisive = (Ruling.HOLD, Ruling.FAIL)
        return tuple(c for c in self.criteria if c.ruling is self.ruling and c.ruling in decisive)


def judge_live(
    today: Evidence,
    released: Evidence,
    *,
    day: date,
    thresholds: Thresholds,
    calibration: Calibration | None,
) -> Observation:
    """Judge the samples of `day` by the floors, and against the release's on the same prompts.

    Args:
        today: the day's samples, with today's instruments and their self-test.
        released: the evidence that the version was registered with.
        day: whose seeds the samples have.
        thresholds: those of the gate, with the prompts of the day's block.
        calibration: how far two runs of one model lie apart; None holds.
    """
    release = _of_prompts(released, thresholds)
    distrusted = [
        *distrust(today, WHO, thresholds, seed_of=partial(item_seed, day=day)),
        *distrust(release, SUBJECT, thresholds),
        *distrust_comparison(
            today, release, SUBJECT, thresholds=thresholds, calibration=calibration
        ),
    ]
    if distrusted or calibration is None:
        return Observation(criteria=tuple(distrusted), figures={})
    floor = thresholds.similarity_floor
    mine, theirs = (build_arm(e, similarity_floor=floor) for e in (today, release))
    ranges = find_ranges(today.ceiling)
    heard = [hear_arm(e, ranges, thresholds) for e in (today, release)]
    block = calibration.for_prompts(len(mine.prompts))
    criteria = [
        *judge_floors(mine, thresholds, who=WHO),
        *judge_sound_floors(heard[0], ranges, thresholds, who=WHO),
        *judge_comparison(
            compare_arms(mine, theirs, thresholds),
            SUBJECT,
            thresholds=thresholds,
            calibration=block,
            who=WHO,
        ),
        *judge_sound(
            heard[0], heard[1], SUBJECT, thresholds=thresholds, calibration=block, who=WHO
        ),
    ]
    figures = {
        "today": _figures(mine, heard[0], thresholds),
        "release": _figures(theirs, heard[1], thresholds),
        "deviations": find_deviations((mine, heard[0].arm), (theirs, heard[1].arm), block),
        "worst": find_worst(mine, theirs),
    }
    return Observation(criteria=tuple(criteria), figures=figures)


def _of_prompts(evidence: Evidence, thresholds: Thresholds) -> Evidence:
    """Return the part of complete evidence that is about the day's prompts."""
    rows = tuple(row for row in evidence.rows if row.prompt_id in thresholds.prompts)
    left_out = len(evidence.rows) - len(rows)
    return replace(evidence, rows=rows, expected_items=evidence.expected_items - left_out)


def _figures(arm: Arm, sound: ResampledSound, thresholds: Thresholds) -> dict[str, Any]:
    figures = {**describe_arm(arm, thresholds), **describe_sound(sound)}
    return {name: value.as_json() for name, value in figures.items()}
