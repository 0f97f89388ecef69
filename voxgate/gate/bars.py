"""One voice against its floors, with bounds: what a person asks first after an evaluation."""

from __future__ import annotations

from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.arm import build_arm
from voxgate.gate.completeness import distrust
from voxgate.gate.criterion import Criterion
from voxgate.gate.floors import judge_floors
from voxgate.gate.sound import hear_arm, judge_sound_floors
from voxgate.gate.sound_limits import find_ranges
from voxgate.gate.thresholds import Thresholds

__all__ = ["measure_bars", "render_bars"]

_SUBJECT = "challenger"
_SHARES = ("wer_floor", "catastrophe_floor", "stranger_floor", "sound_floor")


def measure_bars(evidence: Evidence, thresholds: Thresholds) -> list[Criterion]:
    """Judge every floor, or say why no number of this evidence is to be believed."""
    doubts = distrust(evidence, _SUBJECT, thresholds)
    if doubts:
        return doubts
    ranges = find_ranges(evidence.ceiling)
    return [
        *judge_floors(
            build_arm(evidence, similarity_floor=thresholds.similarity_floor), thresholds
        ),
        *judge_sound_floors(hear_arm(evidence, ranges, thresholds), ranges, thresholds),
    ]


def render_bars(
    evidence: Evidence, thresholds: Thresholds, *, real_time_factor: float | None
) -> str:
    """Return the bars as a Markdown table, under a line that says how they were measured."""
    protocol = evidence.protocol
    judge = f"{protocol['transcriber']['name']}, {protocol['normaliser']['name']}"
    return "\n".join(
        [
            f"{evidence.model.get('checkpoint')}: {len(thresholds.prompts)} gate prompts x "
            f"{thresholds.seeds} seeds, {evidence.evaluated_items} samples; judge {judge}; "
            f"one-sided bounds of {100 * thresholds.confidence_at_look:g} %",
            "",
            "| bar | floor | measured | |",
            "|---|---|---|---|",
            *(_row(criterion) for criterion in measure_bars(evidence, thresholds)),
            f"| real_time_factor | | {'-' if real_time_factor is None else real_time_factor} | |",
        ]
    )


def _row(criterion: Criterion) -> str:
    measured = criterion.measured
    if not isinstance(measured, dict):
        return f"| {criterion.code} | | {criterion.message} | {criterion.ruling} |"
    low, point, high = (
        _figure(criterion.code, measured[name]) for name in ("low", "point", "high")
    )
    floor = _figure(criterion.code, criterion.threshold)
    return f"| {criterion.code} | {floor} | {point} [{low}, {high}] | {criterion.ruling} |"


def _figure(code: str, value: Any) -> str:
    return f"{100 * value:.1f} %" if code in _SHARES else f"{value:.3f}"
