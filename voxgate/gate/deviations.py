"""How much worse a live voice was on a day than when it was released, in standard errors.

A verdict asks whether a voice has failed. These figures are for the charts that see a voice leave
slowly, far below that (`voxgate.release.control_chart`).
"""

from __future__ import annotations

from typing import Any

from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.arm import Arm
from voxgate.gate.calibration import Calibration
from voxgate.gate.comparison import point_differences
from voxgate.gate.sound_arm import SoundArm

__all__ = ["find_deviations", "find_worst"]

_DIGITS = 4
_NAMED = 5


def find_deviations(
    today: tuple[Arm, SoundArm], release: tuple[Arm, SoundArm], calibration: Calibration
) -> dict[str, float]:
    """Return by figure how many standard errors the day was worse; negative is better.

    `calibration` is for as many prompts as the arms have. A figure without noise is left out.
    """
    words = point_differences(today[0], release[0])
    worse = {"wer": words["wer"], "similarity": -words["similarity"]}
    mine, theirs = today[1].compared_points, release[1].compared_points
    for measure in CATALOGUE:
        if measure.worse != "either" and measure.name in mine and measure.name in theirs:
            gap = mine[measure.name] - theirs[measure.name]
            worse[measure.name] = gap if measure.worse == "higher" else -gap
    errors = calibration.standard_errors
    found = {n: round(gap / errors[n], _DIGITS) for n, gap in worse.items() if errors.get(n)}
    return {**found, "catastrophes": _catastrophes(today[0], release[0])}


def find_worst(today: Arm, release: Arm) -> list[dict[str, Any]]:
    """Return the prompts that lost the most words since the release, the worst first."""
    lost = today.word_errors - release.word_errors
    order = sorted(range(len(lost)), key=lambda n: (-int(lost[n]), today.prompts[n]))
    return [
        {
            "prompt": today.prompts[n],
            "word_errors": int(today.word_errors[n]),
            "released_word_errors": int(release.word_errors[n]),
        }
        for n in order[:_NAMED]
        if lost[n] > 0
    ]


def _catastrophes(today: Arm, release: Arm) -> float:
    """Standardise the count of prompts with a catastrophe; half a one is added to the release's."""
    prompts = len(release.prompts)
    rate = (int(release.catastrophic.sum()) + 0.5) / (prompts + 1)
    gap = int(today.catastrophic.sum()) - prompts * rate
    return round(float(gap / (prompts * rate * (1 - rate)) ** 0.5), _DIGITS)
