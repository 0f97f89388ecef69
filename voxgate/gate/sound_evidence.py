"""Fail closed: whether the sound of every sample, and of real recordings, was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.excerpts import some_of
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.numbers import is_number

__all__ = ["distrust_sound"]

_SHOWN = 3


def distrust_sound(evidence: Evidence, subject: str) -> Iterator[Criterion]:
    """Yield what is missing of the sound, of the critical words, or of the range of the sound."""
    rows = sorted((row for row in evidence.rows if row.fault is None), key=lambda row: row.item)
    for code, what, broken in (
        ("no_sound", "lack measures of the sound", _without_sound(rows)),
        ("not_a_number", "have a sound that is no number", _not_numbers(rows)),
        ("no_critical_words", "do not say which words must not change", _uncounted(rows)),
        ("not_a_number", "have an impossible count of critical words", _miscounted(rows)),
    ):
        if broken:
            message = f"{len(broken)} samples {what}: {some_of(broken, _SHOWN)}; evaluate again"
            yield hold(code, subject, message)
    unknown = _without_range(evidence.ceiling.get("sound"))
    if unknown:
        yield hold(
            "no_sound_range",
            subject,
            "the speaker's real recordings have no range, so nothing bounds the sound: "
            f"{some_of(unknown, _SHOWN)}; evaluate again",
        )


def _without_sound(rows: Sequence[ItemScore]) -> list[str]:
    missing = ((row, [name for name in MEASURES if name not in row.sound]) for row in rows)
    return [f"{_item(row)} {_names(names)}" for row, names in missing if names]


def _not_numbers(rows: Sequence[ItemScore]) -> list[str]:
    """Find values that are neither a finite number nor None, which says that there is none."""
    return [
        f"{_item(row)} {name}"
        for row in rows
        for name in MEASURES
        if row.sound.get(name) is not None and not is_number(row.sound[name])
    ]


def _uncounted(rows: Sequence[ItemScore]) -> list[str]:
    return [_item(row) for row in rows if row.critical_words is None or row.critical_errors is None]


def _miscounted(rows: Sequence[ItemScore]) -> list[str]:
    uncounted = set(_uncounted(rows))
    counted = [row for row in rows if _item(row) not in uncounted]
    return [_item(row) for row in counted if not _is_part(row.critical_errors, row.critical_words)]


def _without_range(real: Any) -> list[str]:
    found = real if isinstance(real, dict) else {}
    return [name for name in MEASURES if not _is_range(found.get(name))]


def _is_range(values: Any) -> bool:
    if not isinstance(values, dict):
        return False
    low, high = values.get("p1"), values.get("p99")
    return is_number(low) and is_number(high) and low <= high


def _is_part(errors: Any, words: Any) -> bool:
    counts = (errors, words)
    if not all(isinstance(count, int) and not isinstance(count, bool) for count in counts):
        return False
    return bool(0 <= errors <= words)


def _item(row: ItemScore) -> str:
    return f"{row.prompt_id}-{row.seed_index}"


def _names(names: Sequence[str]) -> str:
    return "all" if len(names) == len(MEASURES) else "+".join(names)
