"""Two evaluations next to each other, for a researcher; it judges nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import GateError
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.arm import MICRO, Arm, build_arm
from voxgate.gate.sound_arm import build_sound_arm
from voxgate.gate.sound_figures import resample_sound
from voxgate.gate.statistics import Interval, bootstrap_interval, draw_blocks, ratio_draws
from voxgate.text.counting_units import WORD

__all__ = ["Comparison", "compare_evidence", "render_comparison"]

_FIGURES = (
    ("wer", "word_errors", "ref_words", 1),
    ("cer", "char_errors", "ref_chars", 1),
    ("similarity", "similarity", "samples", MICRO),
    ("catastrophe_rate", "catastrophic", None, 1),
)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Figures of both evaluations over the prompts that both measured completely.

    `differences` (second minus first, paired) is None when the two were not measured alike;
    `caveats` say why.
    """

    names: tuple[str, str]
    prompts: int
    first: dict[str, Interval]
    second: dict[str, Interval]
    differences: dict[str, Interval] | None
    caveats: tuple[str, ...]
    rate: str = WORD.rate
    """How the rate of errors is called; both must be measured alike to be compared."""

    def as_json(self) -> dict[str, object]:
        """Return the comparison as JSON values."""
        return {
            "names": list(self.names),
            "prompts": self.prompts,
            "first": _json(self.first),
            "second": _json(self.second),
            "differences": None if self.differences is None else _json(self.differences),
            "caveats": list(self.caveats),
        }


def compare_evidence(
    first: Evidence, second: Evidence, *, draws: int, seed: int, confidence: float
) -> Comparison:
    """Set two evaluations side by side.

    Raises:
        GateError: they share no completely measured prompt.
    """
    shared = _complete(first) & _complete(second)
    if not shared:
        raise GateError("the two evaluations share no completely measured prompt")
    arms = [
        build_arm(evidence, similarity_floor=-1, prompts=shared) for evidence in (first, second)
    ]
    index = draw_blocks(len(shared), draws=draws, seed=seed)
    figures: list[dict[str, Interval]] = [{}, {}, {}]
    for name, top, bottom, scale in _FIGURES:
        pairs = [(getattr(arm, top), _bottom(arm, bottom) * scale) for arm in arms]
        points = [int(t.sum()) / int(b.sum()) for t, b in pairs]
        drawn = [ratio_draws(t, b, index) for t, b in pairs]
        points.append(points[1] - points[0])
        drawn.append(drawn[1] - drawn[0])
        for target, point, sample in zip(figures, points, drawn, strict=True):
            target[name] = bootstrap_interval(point, sample, confidence=confidence)
    _add_sound(figures, [first, second], shared, draws=draws, seed=seed, confidence=confidence)
    caveats = _caveats(first, second, shared)
    return Comparison(
        names=(_name(first), _name(second)),
        prompts=len(shared),
        first=figures[0],
        second=figures[1],
        differences=None if caveats else figures[2],
        caveats=tuple(caveats),
        rate=first.unit.rate,
    )


def render_comparison(table: Comparison) -> str:
    """Return the comparison as aligned text."""
    lines = [
        f"{table.prompts} prompts; point [lower, upper] bounds, each one-sided",
        f"{'':18}{table.names[0]:>30}{table.names[1]:>30}{'second - first':>30}",
    ]
    for name in [*table.first, *(name for name in table.second if name not in table.first)]:
        cells = [_cell(arm.get(name)) for arm in (table.first, table.second)]
        last = "not comparable" if table.differences is None else _cell(table.differences.get(name))
        shown = table.rate.lower() if name == "wer" else name
        lines.append(f"{shown:18}{cells[0]:>30}{cells[1]:>30}{last:>30}")
    return "\n".join([*lines, *(f"! {caveat}" for caveat in table.caveats)])


def _add_sound(
    figures: Sequence[dict[str, Interval]],
    pair: Sequence[Evidence],
    shared: Collection[str],
    *,
    draws: int,
    seed: int,
    confidence: float,
) -> None:
    """Add what was measured of the sound of each, and the differences of what both have."""
    voices = [
        resample_sound(
            build_sound_arm(evidence, ranges={}, prompts=shared),
            draws=draws,
            seed=seed,
            confidence=confidence,
        )
        for evidence in pair
    ]
    figures[0].update(voices[0].means)
    figures[1].update(voices[1].means)
    figures[2].update(voices[1].minus(voices[0]))


def _caveats(first: Evidence, second: Evidence, shared: Collection[str]) -> list[str]:
    caveats = []
    if first.protocol_digest != second.protocol_digest:
        caveats.append("measured with different instruments or rules")
    if first.benchmark.get("digest") != second.benchmark.get("digest"):
        caveats.append("measured on different versions of the benchmark")
    if first.centroid.get("digest") != second.centroid.get("digest"):
        caveats.append("similarity was measured to different speaker centroids")
    if _draws(first, shared) != _draws(second, shared):
        caveats.append("drawn with different seeds or numbers of samples")
    return caveats


def _draws(evidence: Evidence, shared: Collection[str]) -> set[tuple[str, int, int]]:
    rows = (row for row in evidence.rows if row.prompt_id in shared)
    return {(row.prompt_id, row.seed_index, row.seed) for row in rows}


def _complete(evidence: Evidence) -> frozenset[str]:
    """Return the prompts all of whose samples were measured."""
    broken = {row.prompt_id for row in evidence.rows if row.fault is not None}
    return frozenset(row.prompt_id for row in evidence.rows) - broken


def _bottom(arm: Arm, name: str | None) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = np.ones_like(arm.samples) if name is None else getattr(arm, name)
    return counts


def _name(evidence: Evidence) -> str:
    return f"{evidence.model.get('checkpoint')} {str(evidence.model.get('digest'))[:8]}"


def _json(figures: dict[str, Interval]) -> dict[str, object]:
    return {name: interval.as_json() for name, interval in figures.items()}


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    return f"{interval.point:.4f} [{interval.low:.4f}, {interval.high:.4f}]"
