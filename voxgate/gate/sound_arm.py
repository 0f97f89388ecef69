"""The sound of one model's samples as whole numbers a prompt: what the statistics resample."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.gate.arm import MICRO
from voxgate.gate.sound_limits import CRITICAL, SOUND_LIMITS, Range

__all__ = ["SOUND_FIGURES", "SoundArm", "build_sound_arm"]

SOUND_FIGURES = (*MEASURES, CRITICAL)
"""Every measure of the sound, then the rate of critical words that were not heard."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class SoundArm:
    """Sums over the samples of each prompt, ordered by prompt id.

    Attributes:
        prompts: their ids.
        sums: (figures, prompts) int64, in millionths; in the order of `SOUND_FIGURES`.
        compared: (figures, prompts) int64, the same as they count beside a rival.
        counts: (figures, prompts) int64, how many samples have a value; of critical words, how
            many there are.
        outliers: (measures, prompts) bool, whether a sample lies outside the range of the measure.
        samples: how many there are in all.
    """

    prompts: tuple[str, ...]
    sums: Counts
    compared: Counts
    counts: Counts
    outliers: NDArray[np.bool_]
    samples: int

    @property
    def points(self) -> dict[str, float]:
        """The mean of each figure that has a value anywhere, by name."""
        return self._points(self.sums)

    @property
    def compared_points(self) -> dict[str, float]:
        """The same of what the samples count for beside a rival."""
        return self._points(self.compared)

    def _points(self, sums: Counts) -> dict[str, float]:
        totals, counts = sums.sum(axis=1), self.counts.sum(axis=1)
        return {
            name: int(total) / (int(count) * MICRO)
            for name, total, count in zip(SOUND_FIGURES, totals, counts, strict=True)
            if count
        }

    @property
    def with_outlier(self) -> NDArray[np.bool_]:
        """(prompts,) whether any measure has an outlier there."""
        return np.asarray(self.outliers.any(axis=0))

    def valued(self, measure: str) -> int:
        """Return how many samples have a value of `measure`."""
        return int(self.counts[SOUND_FIGURES.index(measure)].sum())


def build_sound_arm(
    evidence: Evidence,
    *,
    ranges: Mapping[str, Range],
    prompts: Collection[str] | None = None,
) -> SoundArm:
    """Sum the rows by prompt; a measure without a value is left out of its sum and its count.

    Args:
        evidence: measured rows; where something was not measured, nothing is counted.
        ranges: outside of which a sample is an outlier; a measure without one has none.
        prompts: restricts the rows.
    """
    rows = sorted(
        (row for row in evidence.rows if prompts is None or row.prompt_id in prompts),
        key=lambda row: row.item,
    )
    ids = sorted({row.prompt_id for row in rows})
    place = {prompt: number for number, prompt in enumerate(ids)}
    of_prompt = np.array([place[row.prompt_id] for row in rows], dtype=np.int64)
    values = np.array(
        [[_or_nan(row.sound.get(name)) for name in MEASURES] for row in rows], dtype=np.float64
    ).reshape(len(rows), len(MEASURES))
    critical = np.array(
        [(row.critical_errors or 0, row.critical_words or 0) for row in rows], dtype=np.int64
    ).reshape(len(rows), 2)
    known = np.isfinite(values)
    heard = [SOUND_LIMITS[name].heard or (-math.inf, math.inf) for name in MEASURES]
    compared = np.clip(values, *np.array(heard).T)
    bounds = [ranges.get(name, Range()) for name in MEASURES]
    outside = (values < [one.low for one in bounds]) | (values > [one.high for one in bounds])

    def by_prompt(table: Counts) -> Counts:
        sums = np.zeros((len(ids), table.shape[1]), dtype=np.int64)
        np.add.at(sums, of_prompt, table)
        return sums.T

    def in_micro(table: NDArray[np.float64]) -> Counts:
        micro = np.rint(np.where(known, table, 0.0) * MICRO).astype(np.int64)
        return by_prompt(np.hstack([micro, critical[:, :1] * MICRO]))

    return SoundArm(
        prompts=tuple(ids),
        sums=in_micro(values),
        compared=in_micro(compared),
        counts=by_prompt(np.hstack([known.astype(np.int64), critical[:, 1:]])),
        outliers=by_prompt(outside.astype(np.int64)) > 0,
        samples=len(rows),
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
