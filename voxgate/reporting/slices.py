"""Each part of the benchmark: words and likeness of every voice, and what the gate says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Ruling, worst
from voxgate.gate.slices import find_slices
from voxgate.gate.verdict import Case, Verdict
from voxgate.reporting.figures import voices
from voxgate.reporting.numbers import number

__all__ = ["SliceRow", "find_slice_rows"]


@dataclass(frozen=True, kw_only=True)
class SliceRow:
    """One part. `wer` and `similarity` are by voice, None where nothing was measured."""

    name: str
    prompts: int
    wer: Mapping[str, float | None]
    similarity: Mapping[str, float | None]
    ruling: Ruling | None


def find_slice_rows(case: Case, verdict: Verdict) -> list[SliceRow]:
    """Return every part that is large enough to be judged, by name."""
    rows = []
    for part in find_slices(case.challenger, case.thresholds):
        rulings = [c.ruling for c in verdict.criteria if c.subject == part.name]
        heard = voices(case).items()
        rows.append(
            SliceRow(
                name=part.name,
                prompts=len(part.prompts),
                wer={who: _wer(evidence, part.prompts) for who, evidence in heard},
                similarity={who: _similarity(evidence, part.prompts) for who, evidence in heard},
                ruling=worst(rulings) if rulings else None,
            )
        )
    return rows


def _wer(evidence: Evidence, prompts: Collection[str]) -> float | None:
    wrong = words = 0.0
    for row in evidence.rows:
        errors, length = number(row.word_errors), number(row.ref_words)
        if row.prompt_id in prompts and errors is not None and length:
            wrong, words = wrong + errors, words + length
    return wrong / words if words else None


def _similarity(evidence: Evidence, prompts: Collection[str]) -> float | None:
    rows = (row for row in evidence.rows if row.prompt_id in prompts)
    values = [found for row in rows if (found := number(row.similarity)) is not None]
    return sum(values) / len(values) if values else None
