"""Rules for frequent characters with several readings: by the words and neighbours around them."""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.text.chinese.words import Word

__all__ = ["rule_readings"]


def rule_readings(clause: str, words: Sequence[Word]) -> dict[int, str]:
    """Return the readings that rules give, by place."""
    return {}
