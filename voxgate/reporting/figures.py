"""The figures of all voices of a case with their intervals, and their limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.arm import build_arm
from voxgate.gate.completeness import distrust
from voxgate.gate.floors import describe_arm
from voxgate.gate.sound_limits import find_ranges
from voxgate.gate.verdict import Case, Verdict
from voxgate.reporting.numbers import is_figure, number, title_of

__all__ = ["Figure", "bounds_of", "find_figures", "voices"]

_RIVALS = "rivals"
"""Where a verdict keeps what it measured of others beside the challenger's figures."""

_FLOORS = {
    "wer": "wer_floor",
    "similarity": "similarity_floor",
    "share_below_floor": "stranger_floor",
    "catastrophe_rate": "catastrophe_floor",
    "sound_outlier_rate": "sound_floor",
}
"""The criterion of the gate that judges a figure by itself."""

_SOUND = {measure.name: f"{measure.title}, {measure.unit}" for measure in CATALOGUE}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of every voice, by subject, as the gate writes it.

    `real` is what the speaker's own recordings reach, `strangers` other people; `limits` are the
    bounds that the challenger is held to. Real and strangers may be None.
    """

    name: str
    title: str
    values: Mapping[str, Any]
    real: float | None
    strangers: float | None
    limits: tuple[float, ...]


def voices(case: Case) -> dict[str, Evidence]:
    """Return the evidence of the challenger and of every rival, in the order of reports."""
    return {"challenger": case.challenger, **case.rivals}


def bounds_of(threshold: Any) -> tuple[float, ...]:
    """Return the numbers of a threshold: one limit, or the ends of a range."""
    if isinstance(threshold, Mapping):
        threshold = [threshold.get("low"), threshold.get("high")]
    listed = threshold if isinstance(threshold, (list, tuple)) else [threshold]
    return tuple(found for value in listed if (found := number(value)) is not None)


def find_figures(case: Case, verdict: Verdict) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Return the figures, and a sentence for each voice of which none can be shown."""
    if verdict.figures is None:
        return (), ("no figure was computed: the challenger's evidence cannot be trusted",)
    by_voice, silent = {"challenger": verdict.figures}, []
    for subject, evidence in case.rivals.items():
        faults = distrust(evidence, subject, case.thresholds)
        if faults:
            silent.append(f"no figures of the {subject}: {faults[0].message}")
            continue
        arm = build_arm(evidence, similarity_floor=case.thresholds.similarity_floor)
        described = describe_arm(arm, case.thresholds)
        by_voice[subject] = {
            **{name: value.as_json() for name, value in described.items()},
            **verdict.figures.get(_RIVALS, {}).get(subject, {}),
        }
    figures = tuple(
        Figure(
            name=name,
            title=_SOUND.get(name) or title_of(name, case.challenger.unit),
            values={who: dict(_flat(found)).get(name) for who, found in by_voice.items()},
            real=_real(case.challenger, name),
            strangers=number(case.challenger.impostor_floor.get(name)),
            limits=_limits(case, verdict, name),
        )
        for name, value in _flat(verdict.figures)
        if is_figure(value)
    )
    return figures, tuple(silent)


def _flat(figures: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if name == _RIVALS:
            continue
        if isinstance(value, Mapping) and not is_figure(value):
            yield from _flat(value)
        else:
            yield name, value


def _real(challenger: Evidence, name: str) -> float | None:
    """Return what real recordings reach: the mean of a rate, the median of a measure of sound."""
    sound = challenger.ceiling.get("sound")
    measured = sound.get(name) if isinstance(sound, Mapping) else None
    median = measured.get("p50") if isinstance(measured, Mapping) else None
    return number(challenger.ceiling.get(name) if name not in _SOUND else median)


def _limits(case: Case, verdict: Verdict, name: str) -> tuple[float, ...]:
    """Return what the challenger's figure is held to by itself."""
    if name in _SOUND:
        ends = find_ranges(case.challenger.ceiling)[name]
        return tuple(end for end in (ends.low, ends.high) if math.isfinite(end))
    held = (c for c in verdict.criteria if c.code == _FLOORS.get(name))
    return next((bounds_of(criterion.threshold) for criterion in held), ())
