"""The sound of a verdict as a table: the voice, what it was set beside, and every ruling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.criterion import Criterion
from voxgate.gate.sound_figures import OUTLIER_RATE
from voxgate.gate.sound_limits import CRITICAL, SOUND_LIMITS
from voxgate.gate.verdict import Case, Verdict

__all__ = ["sound_rows"]

_HEADER = ("of the sound", "challenger", "real recordings", "floor")


def sound_rows(case: Case, verdict: Verdict) -> list[tuple[str, ...]]:
    """Return the table, its header first: a row a measure, then critical words and outliers.

    Beside each rival: its figure, the difference with its bounds, the margin, and the ruling.
    """
    figures = verdict.figures
    assert figures is not None, "nothing was computed from evidence that cannot be trusted"
    rulings = {criterion.code: criterion for criterion in verdict.criteria}
    rivals = {name: found for name, found in figures["rivals"].items() if found}
    real = case.challenger.ceiling["sound"]
    rows = [_HEADER + tuple(cell for name in rivals for cell in _columns(name))]
    for measure in CATALOGUE:
        name, code = measure.name, SOUND_LIMITS[measure.name].code
        limits = f"{_plain(real[name]['p1'])} to {_plain(real[name]['p99'])}"
        floor = rulings[f"{code}_floor"].ruling.value
        title = f"{measure.title} ({measure.unit})"
        head = (title, _bounds(figures.get(name)), limits, floor)
        rows.append(head + _beside(rivals, name, code, rulings))
    head = ("words that must not change and did (share)", _bounds(figures.get(CRITICAL)), "-", "-")
    rows.append(head + _beside(rivals, CRITICAL, "critical", rulings))
    floor = rulings["sound_floor"].ruling.value
    head = ("prompts with an outlier (share)", _bounds(figures[OUTLIER_RATE]), "-", floor)
    return [*rows, head + _beside(rivals, OUTLIER_RATE, "sound_outliers", rulings)]


def _columns(rival: str) -> Sequence[str]:
    return rival, f"minus {rival}", "margin", "ruling"


def _beside(
    rivals: Mapping[str, Any], name: str, code: str, rulings: Mapping[str, Criterion]
) -> tuple[str, ...]:
    cells: tuple[str, ...] = ()
    for rival, figures in rivals.items():
        criterion = rulings.get(f"{code}_versus_{rival}")
        cells += (_point(figures.get(name)), *_ruled(criterion))
    return cells


def _ruled(criterion: Criterion | None) -> tuple[str, str, str]:
    """Return difference, margin and ruling; McNemar's test has a p-value instead."""
    if criterion is None:
        return "-", "-", "-"
    if isinstance(criterion.measured, dict):
        margin = _plain(abs(criterion.threshold))
        return _bounds(criterion.measured), margin, criterion.ruling.value
    p = "-" if criterion.measured is None else f"p = {_plain(criterion.measured)}"
    return p, "-", criterion.ruling.value


def _bounds(interval: Mapping[str, float] | None) -> str:
    if interval is None:
        return "-"
    return f"{_point(interval)} [{_plain(interval['low'])}, {_plain(interval['high'])}]"


def _point(interval: Mapping[str, float] | None) -> str:
    return "-" if interval is None else _plain(interval["point"])


def _plain(value: float) -> str:
    return f"{value:.4g}"
