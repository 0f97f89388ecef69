"""A/A runs: one voice judged against itself, on takes drawn from many."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np

from voxgate.errors import GateError
from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.plan import item_seed
from voxgate.gate.arm import build_arm
from voxgate.gate.calibration import CALIBRATED, Calibration
from voxgate.gate.comparison import point_differences
from voxgate.gate.criterion import Ruling
from voxgate.gate.sound_arm import build_sound_arm
from voxgate.gate.sound_limits import CRITICAL, as_compared
from voxgate.gate.thresholds import Thresholds
from voxgate.gate.verdict import Case, Verdict, judge

__all__ = ["AaOutcome", "draw_pairs", "judge_pairs", "measure_noise", "relative_errors"]

_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class AaOutcome:
    """How A/A runs ended; `blamed` counts the codes of whatever did not pass."""

    runs: int
    passed: int
    rulings: Mapping[str, int]
    blamed: Mapping[str, int]

    @property
    def share(self) -> float:
        """The share of runs that passed."""
        return self.passed / self.runs

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "runs": self.runs,
            "passed": self.passed,
            "rulings": dict(self.rulings),
            "blamed": dict(self.blamed),
        }


def draw_pairs(
    takes: Evidence, thresholds: Thresholds, *, runs: int, seed: int
) -> Iterator[tuple[Evidence, Evidence]]:
    """Yield pairs of evaluations of one voice: of each prompt, disjoint sets of its takes.

    The takes are numbered anew, as the gate expects them.

    Raises:
        GateError: a prompt has fewer takes than two sets need.
    """
    prompts = _by_prompt(takes)
    seeds = thresholds.seeds
    few = [group[0].prompt_id for group in prompts if len(group) < 2 * seeds]
    if few:
        raise GateError(f"two disjoint sets of {seeds} takes need {2 * seeds}; too few: {few[0]}")
    generator = np.random.default_rng(seed)
    for _ in range(runs):
        first: list[ItemScore] = []
        second: list[ItemScore] = []
        for group in prompts:
            order = generator.permutation(len(group))
            first += [_renumbered(group[i], k) for k, i in enumerate(order[:seeds])]
            second += [_renumbered(group[i], k) for k, i in enumerate(order[seeds : 2 * seeds])]
        yield _evaluation(takes, first), _evaluation(takes, second)


def measure_noise(takes: Evidence, thresholds: Thresholds, *, runs: int, seed: int) -> Calibration:
    """Return the standard errors of the differences that the gate forms, over A/A runs.

    An equal voice has a true difference of 0, so they are root mean squares about 0. A figure that
    the takes lack has none; the gate holds with such a record.
    """
    found = [
        _differences(first, second, thresholds)
        for first, second in draw_pairs(takes, thresholds, runs=runs, seed=seed)
    ]
    measured = [name for name in CALIBRATED if all(name in one for one in found)]
    return Calibration(
        protocol_digest=takes.protocol_digest,
        benchmark_digest=thresholds.benchmark_digest,
        seeds=thresholds.seeds,
        prompts=len(_by_prompt(takes)),
        runs=runs,
        standard_errors={
            name: _root_mean_square([one[name] for one in found]) for name in measured
        },
    )


def relative_errors(takes: Evidence) -> dict[str, float]:
    """Return how uncertain each standard error is, as one standard deviation over its value.

    The variance of a difference is a sum over prompts of the variance between their takes. How far
    these lie apart says how well so many prompts know the sum; half of that for its root.
    """
    groups = _by_prompt(takes)
    spread: dict[str, float] = {}
    for name in CALIBRATED:
        values = [[v for row in group if (v := _value(row, name)) is not None] for group in groups]
        parts = [float(np.var(group, ddof=1)) for group in values if len(group) > 1]
        if len(parts) > 1:
            total = math.fsum(parts)
            deviation = math.sqrt(len(parts)) * float(np.std(parts, ddof=1))
            spread[name] = round(deviation / total / 2, 4) if total else 0.0
    return spread


def judge_pairs(
    takes: Evidence, thresholds: Thresholds, calibration: Calibration, *, runs: int, seed: int
) -> AaOutcome:
    """Judge A/A runs by every rule of the gate, the first set against the second as champion."""
    verdicts: list[Verdict] = [
        judge(
            Case(
                challenger=first,
                thresholds=thresholds,
                rivals={"champion": second},
                calibration=calibration,
            )
        )
        for first, second in draw_pairs(takes, thresholds, runs=runs, seed=seed)
    ]
    rulings = Counter(verdict.ruling.value for verdict in verdicts)
    blamed = Counter(
        code for verdict in verdicts for code in {reason.code for reason in verdict.reasons}
    )
    return AaOutcome(
        runs=runs,
        passed=rulings[Ruling.PASS.value],
        rulings=dict(sorted(rulings.items())),
        blamed=dict(sorted(blamed.items())),
    )


def _differences(first: Evidence, second: Evidence, thresholds: Thresholds) -> dict[str, float]:
    floor = thresholds.similarity_floor
    words = point_differences(
        build_arm(first, similarity_floor=floor), build_arm(second, similarity_floor=floor)
    )
    mine, theirs = (build_sound_arm(one, ranges={}).compared_points for one in (first, second))
    sound = {name: mine[name] - theirs[name] for name in mine if name in theirs}
    if all(row.critical_words == 0 for row in first.rows):
        sound[CRITICAL] = 0.0  # no word to get wrong: nothing differs
    return {**words, **sound}


def _value(row: ItemScore, name: str) -> float | None:
    counted = {"wer": row.word_errors, "similarity": row.similarity, CRITICAL: row.critical_errors}
    if name in counted:
        return counted[name]
    found = row.sound.get(name)
    return None if found is None else as_compared(name, found)


def _by_prompt(takes: Evidence) -> list[list[ItemScore]]:
    rows = sorted(takes.rows, key=lambda row: row.item)
    return [list(group) for _, group in groupby(rows, key=lambda row: row.prompt_id)]


def _renumbered(row: ItemScore, index: int) -> ItemScore:
    return replace(row, seed_index=index, seed=item_seed(row.prompt_id, index))


def _evaluation(takes: Evidence, rows: list[ItemScore]) -> Evidence:
    return replace(takes, rows=tuple(rows), expected_items=len(rows))


def _root_mean_square(values: list[float]) -> float:
    return round(math.sqrt(sum(value * value for value in values) / len(values)), _DIGITS)
