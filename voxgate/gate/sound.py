"""The sound of a voice: each measure beside a rival's, and beside the speaker's own recordings.

A mean says whether the whole voice changed. A fault in a few samples drowns in it, so samples that
lie where the speaker's recordings never do are counted as well, prompt by prompt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import CATALOGUE, MEASURES, Measure
from voxgate.excerpts import some_of
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import (
    Criterion,
    Ruling,
    at_least,
    at_most,
    hold,
    on_no_more_prompts,
    within,
)
from voxgate.gate.sound_arm import SoundArm, build_sound_arm
from voxgate.gate.sound_figures import (
    OUTLIER_RATE,
    ResampledSound,
    describe_sound,
    resample_sound,
)
from voxgate.gate.sound_limits import (
    CRITICAL,
    CRITICAL_MARGIN,
    OUTLIER_ALPHA,
    SOUND_LIMITS,
    Range,
)
from voxgate.gate.statistics import Interval
from voxgate.gate.thresholds import Thresholds

__all__ = ["hear_arm", "judge_sound", "judge_sound_floors"]

_MIN_VALUED = 0.5
"""A measure with a value in a smaller share of the samples says nothing about the voice."""
_SHOWN = 3


def hear_arm(
    evidence: Evidence, ranges: Mapping[str, Range], thresholds: Thresholds
) -> ResampledSound:
    """Return the sound of complete evidence, drawn anew as the thresholds say."""
    return resample_sound(
        build_sound_arm(evidence, ranges=ranges),
        draws=thresholds.bootstrap_draws,
        seed=thresholds.bootstrap_seed,
        confidence=thresholds.confidence_at_look,
    )


def judge_sound_floors(
    voice: ResampledSound,
    ranges: Mapping[str, Range],
    thresholds: Thresholds,
    *,
    who: str = "challenger",
) -> list[Criterion]:
    """Judge the mean of each measure, and the share of prompts with a sample out of range."""
    arm, figures = voice.arm, describe_sound(voice)
    criteria = [
        at_most(
            "sound_floor",
            who,
            "share of prompts with a sample whose sound the speaker's recordings never have"
            f"{_by_measure(arm.outliers)}",
            figures[OUTLIER_RATE],
            thresholds.max_sound_outlier_rate,
        )
    ]
    for measure in CATALOGUE:
        code = f"{SOUND_LIMITS[measure.name].code}_floor"
        if _is_valued(arm, measure.name):
            what, limits = f"mean {measure.title} ({measure.unit})", ranges[measure.name]
            criteria.append(_inside(code, who, what, figures[measure.name], limits))
        else:
            criteria.append(_unvalued(arm, measure, code, who))
    return criteria


def judge_sound(
    challenger: ResampledSound,
    rival: ResampledSound,
    subject: str,
    *,
    thresholds: Thresholds,
    calibration: Calibration,
    own: Mapping[str, Range] | None = None,
    who: str = "challenger",
) -> list[Criterion]:
    """Judge non-inferiority to `subject`: critical words, each measure, and outliers.

    `own` is what the speaker's recordings have, where `subject` is another voice: to come nearer to
    the speaker's pace, pitch or room is then no loss, however far from the rival it leads.
    """
    differences, figures = challenger.minus(rival), describe_sound(challenger)
    theirs = {} if own is None else describe_sound(rival)
    criteria = [_critical(differences.get(CRITICAL), subject, thresholds, calibration, who)]
    for measure in CATALOGUE:
        limit = SOUND_LIMITS[measure.name]
        code = f"{limit.code}_versus_{subject}"
        if not _is_valued(challenger.arm, measure.name):
            criteria.append(_unvalued(challenger.arm, measure, code, subject))
        elif not _is_valued(rival.arm, measure.name):
            criteria.append(_incomparable(rival.arm, measure, subject))
        else:
            what = f"{measure.title} ({measure.unit}) of the {who} minus that of the {subject}"
            margin = calibration.margin(
                measure.name, limit.margin, confidence=thresholds.confidence
            )
            tolerated = Range(
                low=-math.inf if measure.worse == "higher" else -margin,
                high=math.inf if measure.worse == "lower" else margin,
            )
            found = _inside(code, subject, what, differences[measure.name], tolerated)
            if found.ruling is not Ruling.PASS and own is not None:
                mean = f"mean {measure.title} ({measure.unit}), as near the speaker as {subject},"
                nearer = _towards(theirs[measure.name], own[measure.name])
                like = _inside(code, subject, mean, figures[measure.name], nearer)
                if like.ruling is Ruling.PASS:
                    message = f"{found.message}; which is no loss: {like.message}"
                    found = replace(found, ruling=Ruling.PASS, message=message)
            criteria.append(found)
    return [*criteria, _outliers(challenger.arm, rival.arm, subject, who)]


def _critical(
    difference: Interval | None,
    subject: str,
    thresholds: Thresholds,
    calibration: Calibration,
    who: str,
) -> Criterion:
    code, what = f"critical_versus_{subject}", "share of the words that must not change and did"
    if difference is None:
        return Criterion(
            code=code,
            subject=subject,
            ruling=Ruling.PASS,
            message="these prompts have no word that must not change, so none was changed",
        )
    margin = calibration.margin(CRITICAL, CRITICAL_MARGIN, confidence=thresholds.confidence)
    what = f"{what} of the {who} minus that of the {subject}"
    return at_most(code, subject, what, difference, margin)


def _outliers(challenger: SoundArm, rival: SoundArm, subject: str, who: str) -> Criterion:
    mine, theirs = challenger.with_outlier, rival.with_outlier
    alone = mine & ~theirs
    prompts = [name for name, flag in zip(challenger.prompts, alone, strict=True) if flag]
    return on_no_more_prompts(
        f"sound_outliers_versus_{subject}",
        subject,
        "prompts with a sample whose sound the speaker's recordings never have,",
        who,
        alone=(int(alone.sum()), int((theirs & ~mine).sum())),
        alpha=OUTLIER_ALPHA,
        named=f"{_by_measure(challenger.outliers[:, alone])}{_first(prompts)}",
    )


def _inside(code: str, subject: str, what: str, interval: Interval, limits: Range) -> Criterion:
    if math.isinf(limits.low):
        return at_most(code, subject, what, interval, limits.high)
    if math.isinf(limits.high):
        return at_least(code, subject, what, interval, limits.low)
    return within(code, subject, what, interval, (limits.low, limits.high))


def _towards(rival: Interval, own: Range) -> Range:
    """Return from the rival's mean, as far as it is sure, to all that the recordings have."""
    return Range(low=min(own.low, rival.high), high=max(own.high, rival.low))


def _is_valued(arm: SoundArm, measure: str) -> bool:
    return arm.valued(measure) >= _MIN_VALUED * arm.samples


def _unvalued(arm: SoundArm, measure: Measure, code: str, subject: str) -> Criterion:
    return Criterion(
        code=code,
        subject=subject,
        ruling=Ruling.FAIL,
        message=f"{measure.title} could be told in {arm.valued(measure.name)} of {arm.samples} "
        f"samples only, needed is a share of {_MIN_VALUED:g}",
        measured=arm.valued(measure.name),
        threshold=math.ceil(_MIN_VALUED * arm.samples),
    )


def _incomparable(rival: SoundArm, measure: Measure, subject: str) -> Criterion:
    return hold(
        f"{subject}_no_sound",
        subject,
        f"{measure.title} of the {subject} could be told in {rival.valued(measure.name)} of "
        f"{rival.samples} samples only, so there is nothing to compare with",
        measured=rival.valued(measure.name),
        threshold=math.ceil(_MIN_VALUED * rival.samples),
    )


def _by_measure(outliers: NDArray[np.bool_]) -> str:
    """Name the measures with outliers and their prompts, the most frequent first."""
    counts = sorted(
        ((int(row.sum()), name) for row, name in zip(outliers, MEASURES, strict=True)),
        key=lambda entry: -entry[0],
    )
    named = ", ".join(f"{name} {count}" for count, name in counts if count)
    return f" ({named})" if named else ""


def _first(prompts: Sequence[str]) -> str:
    if not prompts:
        return ""
    return f" [{some_of(prompts, _SHOWN)}]"
