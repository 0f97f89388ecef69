"""Means of the sound with their bounds: of one voice, and of its difference from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.gate.arm import MICRO
from voxgate.gate.sound_arm import SOUND_FIGURES, SoundArm
from voxgate.gate.statistics import (
    Interval,
    bootstrap_interval,
    clopper_pearson,
    count_draws,
    draw_blocks,
    ratio_table,
)

__all__ = ["OUTLIER_RATE", "ResampledSound", "describe_sound", "resample_sound"]

OUTLIER_RATE = "sound_outlier_rate"
"""Names the share of prompts with a sample whose sound the speaker's recordings never have."""


@dataclass(frozen=True, kw_only=True)
class ResampledSound:
    """One voice and its means in every draw of prompts, by figure; what has no value is absent.

    `compared` are the means of what the samples count for beside a rival (`SoundLimit.heard`).
    """

    arm: SoundArm
    draws: Mapping[str, NDArray[np.float64]]
    compared: Mapping[str, NDArray[np.float64]]
    confidence: float

    @property
    def means(self) -> dict[str, Interval]:
        """The mean of each figure, with bounds."""
        points = self.arm.points
        return {name: self._interval(points[name], drawn) for name, drawn in self.draws.items()}

    def minus(self, rival: ResampledSound) -> dict[str, Interval]:
        """Return the difference of each figure that both have; both got the same draws."""
        assert self.arm.prompts == rival.arm.prompts, "comparability is checked before"
        mine, theirs = self.arm.compared_points, rival.arm.compared_points
        return {
            name: self._interval(mine[name] - theirs[name], drawn - rival.compared[name])
            for name, drawn in self.compared.items()
            if name in rival.compared
        }

    def _interval(self, point: float, drawn: NDArray[np.float64]) -> Interval:
        return bootstrap_interval(point, drawn, confidence=self.confidence)


def resample_sound(arm: SoundArm, *, draws: int, seed: int, confidence: float) -> ResampledSound:
    """Form the means of every figure in each draw; blocks are prompts, drawn as for the words."""
    names = list(arm.points)
    rows = [SOUND_FIGURES.index(name) for name in names]
    other = [row for row in rows if not np.array_equal(arm.sums[row], arm.compared[row])]
    counts = count_draws(draw_blocks(len(arm.prompts), draws=draws, seed=seed))
    sums = np.vstack([arm.sums[rows], arm.compared[other]])
    table = ratio_table(sums, arm.counts[[*rows, *other]] * MICRO, counts)
    drawn = dict(zip(names, table[: len(rows)], strict=True))
    bounded = [SOUND_FIGURES[row] for row in other]
    compared = {**drawn, **dict(zip(bounded, table[len(rows) :], strict=True))}
    return ResampledSound(arm=arm, draws=drawn, compared=compared, confidence=confidence)


def describe_sound(voice: ResampledSound) -> dict[str, Interval]:
    """Return the means, and the share of prompts with an outlier."""
    rate = clopper_pearson(
        int(voice.arm.with_outlier.sum()), len(voice.arm.prompts), confidence=voice.confidence
    )
    return {**voice.means, OUTLIER_RATE: rate}
