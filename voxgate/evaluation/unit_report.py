"""Error rates by their right names: WER only where words were counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.summary import Summary
from voxgate.text.counting_units import WORD, CountingUnit

__all__ = ["rate_rows", "say_tones", "say_unit"]

_OF_TONES = 2 / 3
"""From this share of the errors on that disappear without tones, tones are what is wrong."""


def rate_rows(unit: CountingUnit) -> list[tuple[str, str]]:
    """Return title and name of each rate, as summary and ceiling have it, the judged one first."""
    rows = [(f"{unit.rate} (corpus)", "wer"), (f"{unit.rate} (mean of samples)", "mean_wer")]
    if unit.has_tones:
        rows.append((f"{unit.rate} without tones (corpus)", "wer_toneless"))
    if unit.written is not None:
        rows.append((f"{unit.written} (corpus)", "cer"))
    return [
        *rows,
        (f"{unit.published} as published (corpus)", "wer_whisper"),
        (f"{unit.published} as published (mean of samples)", "mean_wer_whisper"),
    ]


def say_unit(evidence: Evidence) -> str | None:
    """Say in full what the first rate counts; nothing where it counts words."""
    unit = evidence.unit
    if unit is WORD:
        return None
    return (
        f"{unit.rate} counts {unit.plural}; English words in these texts count as words. How a "
        "recogniser writes a sound is no error. It also repairs wrong readings: how terms are read "
        "is tested on phones (`voxgate text check`), not here."
    )


def say_tones(summary: Summary, ceiling: Mapping[str, Any], unit: CountingUnit) -> str | None:
    """Tell wrong tones from mumbling by the errors that disappear without tones.

    A voice that speaks clear syllables in wrong tones loses most of its errors, one that mumbles
    few. Nothing is said where there are no tones, or no errors beyond those of real recordings.
    """
    toned, toneless, real = summary.wer, summary.wer_toneless, ceiling.get("wer")
    if toned is None or toneless is None:
        return None
    if toned <= (real if isinstance(real, int | float) else 0.0):
        return f"No more {unit.rate} than real recordings: tones and sounds are both clear."
    share = max(0.0, (toned - toneless) / toned)
    if share >= _OF_TONES:
        kind = "the syllables are clear and their tones wrong"
    elif share <= 1 - _OF_TONES:
        kind = "the sounds themselves are unclear, not only the tones"
    else:
        kind = "both tones and sounds are wrong"
    return f"{100 * share:.0f} % of the errors disappear without tones: {kind}."
