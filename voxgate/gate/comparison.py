"""The challenger against another voice, prompt by prompt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.gate.arm import MICRO, Arm
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import Criterion, at_least, at_most, on_no_more_prompts
from voxgate.gate.statistics import (
    Interval,
    bootstrap_interval,
    draw_blocks,
    ratio_draws,
)
from voxgate.gate.thresholds import Thresholds
from voxgate.text.counting_units import WORD

__all__ = ["Differences", "compare_arms", "judge_comparison", "point_differences"]

_RATIOS = {
    "wer": ("word_errors", "ref_words", 1),
    "cer": ("char_errors", "ref_chars", 1),
    "similarity": ("similarity", "samples", MICRO),
}


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Challenger minus rival. `wer_draws` are the bootstrap draws of the WER difference."""

    wer: Interval
    cer: Interval
    similarity: Interval
    wer_draws: NDArray[np.float64]
    catastrophes_only_challenger: int
    catastrophes_only_rival: int
    rate: str = WORD.rate


def compare_arms(challenger: Arm, rival: Arm, thresholds: Thresholds) -> Differences:
    """Resample prompts, the same ones for both voices, and take differences in every draw."""
    assert challenger.prompts == rival.prompts, "comparability is checked before arms are compared"
    index = draw_blocks(
        len(challenger.prompts), draws=thresholds.bootstrap_draws, seed=thresholds.bootstrap_seed
    )
    confidence = thresholds.confidence_at_look
    points = point_differences(challenger, rival)
    figures: dict[str, tuple[Interval, NDArray[np.float64]]] = {}
    for name in _RATIOS:
        draws = ratio_draws(*_counts(challenger, name), index)
        draws = draws - ratio_draws(*_counts(rival, name), index)
        figures[name] = bootstrap_interval(points[name], draws, confidence=confidence), draws
    mine_bad, theirs_bad = challenger.catastrophic, rival.catastrophic
    return Differences(
        wer=figures["wer"][0],
        cer=figures["cer"][0],
        similarity=figures["similarity"][0],
        wer_draws=figures["wer"][1],
        catastrophes_only_challenger=int((mine_bad & ~theirs_bad & 1).sum()),
        catastrophes_only_rival=int((theirs_bad & ~mine_bad & 1).sum()),
        rate=challenger.rate,
    )


def point_differences(challenger: Arm, rival: Arm) -> dict[str, float]:
    """Return challenger minus rival over all prompts: WER, CER and mean similarity."""
    return {
        name: _ratio(*_counts(challenger, name)) - _ratio(*_counts(rival, name)) for name in _RATIOS
    }


def judge_comparison(
    differences: Differences,
    subject: str,
    *,
    thresholds: Thresholds,
    calibration: Calibration,
    who: str = "challenger",
) -> list[Criterion]:
    """Judge non-inferiority to `subject` (champion, gold, ...): WER, similarity, catastrophes."""
    # Of all looks together: a later look, whose bounds are wider, is not more tolerant.
    confidence = thresholds.confidence
    wer_margin = calibration.margin("wer", thresholds.wer_margin, confidence=confidence)
    similarity_margin = calibration.margin(
        "similarity", thresholds.similarity_margin, confidence=confidence
    )
    return [
        at_most(
            f"wer_versus_{subject}",
            subject,
            f"corpus {differences.rate} of the {who} minus that of the {subject}",
            differences.wer,
            wer_margin,
        ),
        at_least(
            f"similarity_versus_{subject}",
            subject,
            f"mean similarity of the {who} minus that of the {subject}",
            differences.similarity,
            -similarity_margin,
        ),
        _catastrophes(differences, subject, thresholds, who),
    ]


def _catastrophes(
    differences: Differences, subject: str, thresholds: Thresholds, who: str
) -> Criterion:
    return on_no_more_prompts(
        f"catastrophes_versus_{subject}",
        subject,
        "prompts with a catastrophe",
        who,
        alone=(differences.catastrophes_only_challenger, differences.catastrophes_only_rival),
        alpha=thresholds.catastrophe_alpha,
    )


def _counts(arm: Arm, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    top, bottom, scale = _RATIOS[name]
    return getattr(arm, top), getattr(arm, bottom) * scale


def _ratio(top: NDArray[np.int64], bottom: NDArray[np.int64]) -> float:
    return int(top.sum()) / int(bottom.sum())
