"""What a voice must reach by itself, whatever the champion does."""

from __future__ import annotations

from voxgate.gate.arm import MICRO, Arm
from voxgate.gate.criterion import Criterion, at_least, at_most
from voxgate.gate.statistics import (
    Interval,
    bootstrap_interval,
    clopper_pearson,
    draw_blocks,
    ratio_draws,
)
from voxgate.gate.thresholds import Thresholds

__all__ = ["describe_arm", "judge_floors"]


def judge_floors(arm: Arm, thresholds: Thresholds, *, who: str = "challenger") -> list[Criterion]:
    """Judge WER, catastrophes, mean similarity and the share of strangers of one voice."""
    figures = describe_arm(arm, thresholds)
    return [
        at_most("wer_floor", who, f"corpus {arm.rate}", figures["wer"], thresholds.max_wer),
        at_most(
            "catastrophe_floor",
            who,
            "share of prompts with a catastrophe",
            figures["catastrophe_rate"],
            thresholds.max_catastrophe_rate,
        ),
        at_least(
            "similarity_floor",
            who,
            "mean similarity",
            figures["similarity"],
            thresholds.min_similarity,
        ),
        at_most(
            "stranger_floor",
            who,
            f"share of samples below similarity {thresholds.similarity_floor:g}",
            figures["share_below_floor"],
            thresholds.max_share_below_floor,
        ),
    ]


def describe_arm(arm: Arm, thresholds: Thresholds) -> dict[str, Interval]:
    """Return the figures of one voice with their bounds; blocks are prompts."""
    index = draw_blocks(
        len(arm.prompts), draws=thresholds.bootstrap_draws, seed=thresholds.bootstrap_seed
    )
    confidence = thresholds.confidence_at_look
    ratios = {
        "wer": (arm.word_errors, arm.ref_words),
        "cer": (arm.char_errors, arm.ref_chars),
        "similarity": (arm.similarity, arm.samples * MICRO),
        "share_below_floor": (arm.below_floor, arm.samples),
    }
    figures = {
        name: bootstrap_interval(
            int(top.sum()) / int(bottom.sum()),
            ratio_draws(top, bottom, index),
            confidence=confidence,
        )
        for name, (top, bottom) in ratios.items()
    }
    figures["catastrophe_rate"] = clopper_pearson(
        int(arm.catastrophic.sum()), len(arm.prompts), confidence=confidence
    )
    return figures
