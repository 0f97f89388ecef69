"""Is a version on trial worse than what is live? From the counts alone, however often one asks.

Five questions share `LEVEL`: with that probability at most, a version that is no worse is accused
in a whole trial, over all looks (`anytime_tests`). So there is no largest number of looks, and none
has to be remembered. What is not proved is not held against the version, as in `gate.monitoring`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from voxgate.gate.criterion import Criterion, Ruling
from voxgate.release.alarms import Alarm
from voxgate.release.anytime_tests import evidence_above, upper_bound
from voxgate.release.trial_tally import Share, TrialTally
from voxgate.release.trials import Trial

__all__ = ["LEVEL", "MAX_OFF", "MIN_ANSWERS", "find_trial_alarms", "judge_trial"]

LEVEL = 0.01
_QUESTIONS = 5
_LEVEL_OF_ONE = LEVEL / _QUESTIONS

MIN_ANSWERS = 100
"""Below it nothing good is said; what is proved before that counts."""

MAX_OFF = 0.1
"""Share of pairs that may differ by more than `signals` allows in length, or in level: another
voice has other pauses."""


def judge_trial(trial: Trial, tally: TrialTally) -> tuple[Criterion, ...]:
    """Judge what was counted: FAIL is proved, PASS is not, INCONCLUSIVE is not enough yet."""
    return tuple(_criteria(trial, tally))


def find_trial_alarms(
    model: str, trial: Trial, criteria: tuple[Criterion, ...], *, stops: bool
) -> tuple[Alarm, ...]:
    """Return an alarm for each FAIL; `stops` says that the trial is stopped for it."""
    todo = "The trial was stopped (gate.rollback_policy is auto)."
    if not stops:
        heard = "Callers still hear it" if trial.is_heard else "Nobody hears it"
        todo = f"{heard}. To end it: `voxgate trial stop {trial.version} --by YOU --reason WHY`."
    return tuple(
        Alarm(
            key=f"{model}.{trial.version}.trial-{trial.number}.{criterion.code}",
            subject=f"{model} version {trial.version}, on trial, is worse than live: "
            f"{criterion.code}",
            text=f"{criterion.message}. {todo} `voxgate trial status` has all figures.",
        )
        for criterion in criteria
        if criterion.ruling is Ruling.FAIL
    )


def _criteria(trial: Trial, tally: TrialTally) -> Iterator[Criterion]:
    if trial.is_heard:
        yield _beside_live("canary_faults", "faulty answers", tally, "faulty", "answers")
        yield _beside_live("canary_late", "answers that began late", tally, "late", "timed")
    if trial.shadow_per_mille:
        shadow = tally.of(Share.SHADOW)
        yield _alone(shadow.alone, shadow.spared, shadow.answers)
        for code, what, events in (
            ("shadow_duration", "pairs of another length", shadow.duration_off),
            ("shadow_level", "pairs of another level", shadow.level_off),
        ):
            yield _off(code, what, events, shadow.compared)


def _beside_live(code: str, what: str, tally: TrialTally, events: str, trials: str) -> Criterion:
    """Compare other requests' answers with live's: its rate is bounded first, at half the level."""
    mine, live = (vars(tally.of(share)) for share in (Share.CANARY, Share.LIVE))
    limit = upper_bound(live[events], live[trials], level=_LEVEL_OF_ONE / 2)
    score = evidence_above(limit, mine[events], mine[trials])
    said = (
        f"{what} of the canary: {_rate(mine[events], mine[trials])}, of live: "
        f"{_rate(live[events], live[trials])}, at most {limit:.2%}"
    )
    enough = min(mine[trials], live[trials])
    return _ruled(code, "canary", said, score, needed=2 / _LEVEL_OF_ONE, answers=enough)


def _alone(alone: int, spared: int, answers: int) -> Criterion:
    score = evidence_above(0.5, alone, alone + spared)
    said = (
        f"faulty answers of the shadow alone: {alone}, of live alone: {spared}, of {answers} that "
        "both spoke"
    )
    code = "shadow_faults"
    return _ruled(code, "shadow", said, score, needed=1 / _LEVEL_OF_ONE, answers=answers)


def _off(code: str, what: str, events: int, pairs: int) -> Criterion:
    score = evidence_above(MAX_OFF, events, pairs)
    said = f"{what} than live's: {_rate(events, pairs)}, at most {MAX_OFF:.0%} are allowed"
    return _ruled(code, "shadow", said, score, needed=1 / _LEVEL_OF_ONE, answers=pairs)


def _ruled(
    code: str, subject: str, said: str, score: float, *, needed: float, answers: int
) -> Criterion:
    if score >= needed:
        ruling, word = Ruling.FAIL, "proved"
    elif answers < MIN_ANSWERS:
        ruling, word = Ruling.INCONCLUSIVE, f"not enough yet, {answers} of {MIN_ANSWERS}"
    else:
        ruling, word = Ruling.PASS, "not proved"
    return Criterion(
        code=code,
        subject=subject,
        ruling=ruling,
        message=f"{said}; worse: {word} (score {score:.3g} of {needed:.0f})",
        measured=score if math.isfinite(score) else None,
        threshold=needed,
    )


def _rate(events: int, trials: int) -> str:
    share = f" ({events / trials:.2%})" if trials else ""
    return f"{events} of {trials}{share}"
