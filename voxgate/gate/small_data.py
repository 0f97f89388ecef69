"""What little data can show of a voice, and what it cannot: beside every verdict on such a voice.

Nothing here turns a verdict into a better one. Where the speaker is known by windows of a few
clips, which clips those happened to be moves every similarity, and no number of prompts tells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Criterion, Ruling, at_least
from voxgate.gate.numbers import is_number
from voxgate.gate.statistics import DIGITS, Interval
from voxgate.gate.thresholds import Thresholds
from voxgate.text.counting_units import length_class

__all__ = ["BY_WINDOWS", "describe_data", "is_small", "judge_small_data"]

BY_WINDOWS = "similarity_floor_by_windows"
"""Code of the one criterion that more prompts do not decide."""

_LENGTHS = ("short", "medium", "long")


def is_small(evidence: Evidence) -> bool:
    """Tell whether a voice is of so little data that a person has to hear it."""
    return bool(_data(evidence)) or "windows" in evidence.centroid


def judge_small_data(
    evidence: Evidence, similarity: Interval, thresholds: Thresholds
) -> Iterator[Criterion]:
    """Yield what limits a verdict on a voice of little data; nothing for any other.

    `similarity` is the mean of the voice with its bounds by prompts.
    """
    real = _interval(evidence.centroid.get("real_similarity"))
    if real is not None:
        yield at_least(
            BY_WINDOWS,
            "challenger",
            f"mean similarity, by the choice of {evidence.centroid.get('windows')} windows in "
            f"{evidence.centroid.get('clips')} held-out clips as well, where whole recordings "
            f"score {real.point:g} [{real.low:g}, {real.high:g}],",
            _widened(similarity, real),
            thresholds.min_similarity,
        )
    unheard = _without_examples(_data(evidence), evidence.language)
    if unheard:
        yield Criterion(
            code="slices_without_examples",
            subject="challenger",
            ruling=Ruling.PASS,
            message=f"nothing to train on was like {', '.join(unheard)}: how such prompts are "
            "said is the base's way, and these figures do not tell it from the speaker's",
        )


def describe_data(evidence: Evidence) -> list[str]:
    """Return the lines of the report about the data; none for enough of it."""
    data, windows = _data(evidence), evidence.centroid.get("windows")
    lines = []
    if data:
        lines.append(
            f"- **small data**: {str(data.get('name')).replace('_', ' ')}, {data.get('clips')} "
            f"clips of {data.get('seconds')} s, {data.get('train_seconds')} s of them to train on; "
            f"trained for {_percent(data.get('budget'))} of the steps. Such data shows whether the "
            "voice is intelligible and on whose side of the floors it is; it does not show the "
            "speaker on another day or in another mood, so a person has to hear it"
        )
    if windows is not None:
        lines.append(
            f"- the speaker is known by {windows} windows of {evidence.centroid.get('clips')} "
            f"clips, and the range of real recordings by {evidence.ceiling.get('clips')} held-out "
            "ones and those that were trained on"
        )
    return lines


def _data(evidence: Evidence) -> Mapping[str, Any]:
    found = evidence.data.get("small_data")
    return found if isinstance(found, dict) else {}


def _without_examples(data: Mapping[str, Any], language: str) -> list[str]:
    words = data.get("train_words")
    if not isinstance(words, list) or not all(is_number(count) for count in words):
        return []
    there = {length_class(count, language) for count in words}
    missing = [f"length:{name}" for name in _LENGTHS if name not in there]
    return missing + (["class:questions"] if data.get("train_questions") == 0 else [])


def _widened(similarity: Interval, real: Interval) -> Interval:
    """Join two independent causes of doubt: the prompts, and the windows."""
    below = math.hypot(similarity.point - similarity.low, real.point - real.low)
    above = math.hypot(similarity.high - similarity.point, real.high - real.point)
    return Interval(
        point=similarity.point,
        low=round(similarity.point - below, DIGITS),
        high=round(similarity.point + above, DIGITS),
    )


def _interval(value: Any) -> Interval | None:
    names = ("point", "low", "high")
    if not isinstance(value, dict) or not all(is_number(value.get(name)) for name in names):
        return None
    return Interval(**{name: value[name] for name in names})


def _percent(share: Any) -> str:
    return f"{100 * share:.0f} %" if is_number(share) else "an unknown share"
