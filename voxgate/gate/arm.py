"""One model's rows as whole numbers a prompt: what the statistics resample."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.text.counting_units import WORD

__all__ = ["MICRO", "Arm", "build_arm"]

MICRO = 1_000_000
"""Similarities are counted in millionths: their sums are then exact and independent of order."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """Sums over the samples of each prompt, (prompts,) int64, ordered by prompt id.

    `catastrophic` is 1 for a prompt with at least one catastrophe in any sample. Words are the unit
    of the evidence, and `rate` is how their error rate is called.
    """

    prompts: tuple[str, ...]
    samples: Counts
    word_errors: Counts
    ref_words: Counts
    char_errors: Counts
    ref_chars: Counts
    similarity: Counts
    below_floor: Counts
    catastrophic: Counts
    similarities: tuple[int, ...]
    rate: str = WORD.rate


def build_arm(
    evidence: Evidence, *, similarity_floor: float, prompts: Collection[str] | None = None
) -> Arm:
    """Sum the rows of complete evidence by prompt; `prompts` restricts it to a slice."""
    rows = sorted(
        (row for row in evidence.rows if prompts is None or row.prompt_id in prompts),
        key=lambda row: row.item,
    )
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.prompt_id)]
    floor = round(similarity_floor * MICRO)

    def sums(measure: Callable[[ItemScore], int | None]) -> Counts:
        return np.array([sum(map(_known(measure), group)) for group in groups], dtype=np.int64)

    return Arm(
        prompts=tuple(group[0].prompt_id for group in groups),
        samples=sums(lambda _: 1),
        word_errors=sums(lambda row: row.word_errors),
        ref_words=sums(lambda row: row.ref_words),
        char_errors=sums(lambda row: row.char_errors),
        ref_chars=sums(lambda row: row.ref_chars),
        similarity=sums(_micro),
        below_floor=sums(lambda row: int(_micro(row) < floor)),
        catastrophic=np.array([_any_catastrophe(group) for group in groups], dtype=np.int64),
        similarities=tuple(_micro(row) for row in rows),
        rate=evidence.unit.rate,
    )


def _micro(row: ItemScore) -> int:
    assert row.similarity is not None
    return round(row.similarity * MICRO)


def _known(measure: Callable[[ItemScore], int | None]) -> Callable[[ItemScore], int]:
    def known(row: ItemScore) -> int:
        value = measure(row)
        assert value is not None, "completeness is checked before arms are built"
        return value

    return known


def _any_catastrophe(rows: Sequence[ItemScore]) -> int:
    return int(any(row.catastrophes for row in rows))
