"""Parts of the benchmark: a mean that improves must not hide a class of prompts that broke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.arm import Arm, build_arm
from voxgate.gate.calibration import Calibration
from voxgate.gate.comparison import compare_arms
from voxgate.gate.criterion import Criterion, Ruling
from voxgate.gate.statistics import holm, tail_share
from voxgate.gate.thresholds import Thresholds
from voxgate.text.counting_units import length_class

__all__ = [
    "Slice",
    "find_slices",
    "judge_slice_floors",
    "judge_slice_regressions",
]


@dataclass(frozen=True)
class Slice:
    """A named part of the prompts."""

    name: str
    prompts: frozenset[str]


def find_slices(evidence: Evidence, thresholds: Thresholds) -> list[Slice]:
    """Return the slices that have enough prompts to be judged, by name."""
    found: dict[str, set[str]] = {}
    for row in evidence.rows:
        length = length_class(row.prompt_words, evidence.language)
        for name in (f"class:{row.prompt_class}", f"length:{length}"):
            found.setdefault(name, set()).add(row.prompt_id)
    return [
        Slice(name, frozenset(prompts))
        for name, prompts in sorted(found.items())
        if len(prompts) >= thresholds.min_slice_prompts
    ]


def judge_slice_floors(
    evidence: Evidence, slices: list[Slice], thresholds: Thresholds
) -> list[Criterion]:
    """Judge the hard floors of every slice by the figures as measured, without an interval."""
    criteria = []
    for part in slices:
        arm = _arm(evidence, part, thresholds)
        wer = round(int(arm.word_errors.sum()) / int(arm.ref_words.sum()), 6)
        rate = round(int(arm.catastrophic.sum()) / len(arm.prompts), 6)
        criteria += [
            _hard("slice_wer_floor", part, f"corpus {arm.rate}", wer, thresholds.slice_max_wer),
            _hard(
                "slice_catastrophe_floor",
                part,
                "share of prompts with a catastrophe",
                rate,
                thresholds.slice_max_catastrophe_rate,
            ),
        ]
    return criteria


def judge_slice_regressions(
    challenger: Evidence,
    rival: Evidence,
    slices: list[Slice],
    *,
    subject: str,
    thresholds: Thresholds,
    calibration: Calibration,
) -> list[Criterion]:
    """Test in every slice whether WER is worse by more than the margin; Holm over all slices.

    The overall margin is widened by the square root of the slice's share of the first look's
    prompts, because a smaller set of prompts moves more between two runs of one model. A later look
    is not more tolerant.
    """
    p_values: dict[str, float] = {}
    margins: dict[str, float] = {}
    total = min(len(thresholds.prompts), calibration.prompts)
    for part in slices:
        difference = compare_arms(
            _arm(challenger, part, thresholds), _arm(rival, part, thresholds), thresholds
        )
        overall = calibration.margin("wer", thresholds.wer_margin, confidence=thresholds.confidence)
        margins[part.name] = round(overall * (total / len(part.prompts)) ** 0.5, 6)
        p_values[part.name] = tail_share(difference.wer_draws, margins[part.name])
    rate = challenger.unit.rate
    return _regressions(holm(p_values), margins, subject, rate=rate, thresholds=thresholds)


def _regressions(
    adjusted: Mapping[str, float],
    margins: Mapping[str, float],
    subject: str,
    *,
    rate: str,
    thresholds: Thresholds,
) -> list[Criterion]:
    criteria = []
    for name, p in sorted(adjusted.items()):
        worse = p < thresholds.catastrophe_alpha
        criteria.append(
            Criterion(
                code=f"slice_wer_versus_{subject}",
                subject=name,
                ruling=Ruling.FAIL if worse else Ruling.PASS,
                message=f"{rate} is {'' if worse else 'not '}significantly worse than the "
                f"{subject}'s by more than {margins[name]:g}: p = {p:g} after Holm",
                measured=p,
                threshold=thresholds.catastrophe_alpha,
            )
        )
    return criteria


def _hard(code: str, part: Slice, what: str, value: float, limit: float) -> Criterion:
    kept = value <= limit
    return Criterion(
        code=code,
        subject=part.name,
        ruling=Ruling.PASS if kept else Ruling.FAIL,
        message=f"{what} is {value:g}, {'at most' if kept else 'above'} {limit:g}",
        measured=value,
        threshold=limit,
    )


def _arm(evidence: Evidence, part: Slice, thresholds: Thresholds) -> Arm:
    return build_arm(evidence, similarity_floor=thresholds.similarity_floor, prompts=part.prompts)
