"""Choose the checkpoint that goes before the gate.

A few prompts cannot rank checkpoints by their words: figures of one voice lie further apart by luck
than checkpoints do by nature. So words only sort out what is significantly worse, and the speaker
decides among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import EvaluatorError
from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.resampling import Interval, bootstrap_interval, draw_blocks, ratio_draws
from voxgate.evaluation.summary import Summary, summarise
from voxgate.text.counting_units import WORD

__all__ = [
    "SELECTION_CONFIDENCE",
    "SELECTION_RULE",
    "Candidate",
    "Choice",
    "Standing",
    "choose",
    "selection_rule",
]

SELECTION_CONFIDENCE = 0.8
"""Of the bound that sorts a checkpoint out. Lower than the gate's: here doubt speaks against it,
since another checkpoint is at hand, and words that are lost here are lost before the gate."""

SELECTION_RULE = (
    "left out is what has significantly more prompts with a catastrophe than the checkpoint with "
    "the fewest, then what has a significantly higher corpus WER than the best of the others "
    f"(paired bootstrap over prompts, one-sided at {100 * SELECTION_CONFIDENCE:.0f} %); of those "
    "that stay the one with the highest mean similarity, then the latest step; a checkpoint with "
    "an unmeasured sample is not eligible"
)
_DRAWS = 10_000
_SEED = 20261128

Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A checkpoint and its samples of the `select` prompts."""

    name: str
    step: int
    model_digest: str
    rows: tuple[ItemScore, ...]

    @cached_property
    def summary(self) -> Summary:
        """Its figures."""
        return summarise(self.rows)

    @property
    def measured(self) -> bool:
        """Tell whether every sample was measured."""
        return self.summary.items > 0 and self.summary.unmeasured == 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a candidate stands beside the best ones; intervals are None where it was left out before.

    `catastrophes` is its share of prompts with a catastrophe minus the smallest share, `wer` its
    corpus WER minus the lowest.
    """

    candidate: Candidate
    catastrophes: Interval | None
    wer: Interval | None
    eligible: bool
    why: str

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "eligible": self.eligible,
            "why": self.why,
            "catastrophes_versus_fewest": _json(self.catastrophes),
            "wer_versus_best": _json(self.wer),
        }


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The chosen candidate, why, and how each of them stands, in the order of the candidates."""

    chosen: Candidate
    why: str
    standings: tuple[Standing, ...]


def selection_rule(rate: str) -> str:
    """Return the rule in the name of the rate that it is applied to."""
    return SELECTION_RULE.replace(WORD.rate, rate)


def choose(candidates: Sequence[Candidate], *, rate: str = WORD.rate) -> Choice:
    """Choose by `SELECTION_RULE`; `rate` is how the rate of errors is called.

    Raises:
        EvaluatorError: none is eligible.
    """
    measured = [candidate for candidate in candidates if candidate.measured]
    if not measured:
        raise EvaluatorError(
            f"none of {len(candidates)} checkpoints could be measured completely on the select "
            "prompts; see scores.parquet for the faults"
        )
    fewest = min(measured, key=lambda c: (c.summary.catastrophic_prompts, _words(c)))
    catastrophes = {c.name: _difference(c, fewest, _catastrophes) for c in measured}
    sound = [c for c in measured if catastrophes[c.name].low <= 0]
    best = min(sound, key=_words)
    words = {c.name: _difference(c, best, _word_counts) for c in sound}
    eligible = [c for c in sound if words[c.name].low <= 0]
    chosen = max(eligible, key=lambda c: (_similarity(c), c.step))
    standings = []
    for candidate in candidates:
        found = catastrophes.get(candidate.name), words.get(candidate.name)
        why = _left_out(candidate, *found, fewest=fewest, best=best)
        standings.append(
            Standing(
                candidate=candidate,
                catastrophes=found[0],
                wer=found[1],
                eligible=why is None,
                why=why or "not significantly worse in words",
            )
        )
    return Choice(
        chosen=chosen,
        why=_reason(
            chosen, best, words[chosen.name], of=len(eligible), measured=len(measured), rate=rate
        ),
        standings=tuple(standings),
    )


def _left_out(
    candidate: Candidate,
    catastrophes: Interval | None,
    wer: Interval | None,
    *,
    fewest: Candidate,
    best: Candidate,
) -> str | None:
    if catastrophes is None:
        return f"{candidate.summary.unmeasured} samples could not be measured"
    if wer is None:
        return f"significantly more prompts with a catastrophe than {fewest.name}"
    return f"significantly more word errors than {best.name}" if wer.low > 0 else None


def _reason(
    chosen: Candidate, best: Candidate, wer: Interval, *, of: int, measured: int, rate: str
) -> str:
    likeness = f"mean similarity {_similarity(chosen):.4f}"
    if measured == 1:
        return f"{chosen.name} is the only checkpoint that was measured completely"
    if of == 1:
        return f"every other checkpoint is significantly worse in words than {chosen.name}"
    which = f"{chosen.name} is the most like the speaker ({likeness}) of the {of} checkpoints "
    if chosen is best:
        return f"{which}that words cannot tell apart, and has the fewest word errors, too"
    return (
        f"{which}that words cannot tell apart: its {rate} is {100 * wer.point:+.2f} points beside "
        f"{best.name}, and at {100 * SELECTION_CONFIDENCE:.0f} % no less than "
        f"{100 * wer.low:+.2f}"
    )


def _difference(
    candidate: Candidate, best: Candidate, counts: Callable[[Candidate], tuple[Counts, Counts]]
) -> Interval:
    """Resample prompts, the same ones for both, and take the difference in every draw."""
    mine, theirs = counts(candidate), counts(best)
    index = draw_blocks(len(mine[0]), draws=_DRAWS, seed=_SEED)
    point = int(mine[0].sum()) / int(mine[1].sum()) - int(theirs[0].sum()) / int(theirs[1].sum())
    draws = ratio_draws(*mine, index) - ratio_draws(*theirs, index)
    return bootstrap_interval(point, draws, confidence=SELECTION_CONFIDENCE)


def _word_counts(candidate: Candidate) -> tuple[Counts, Counts]:
    return (
        _by_prompt(candidate, lambda rows: sum(row.word_errors or 0 for row in rows)),
        _by_prompt(candidate, lambda rows: sum(row.ref_words or 0 for row in rows)),
    )


def _catastrophes(candidate: Candidate) -> tuple[Counts, Counts]:
    return (
        _by_prompt(candidate, lambda rows: int(any(row.catastrophes for row in rows))),
        _by_prompt(candidate, lambda _: 1),
    )


def _by_prompt(candidate: Candidate, count: Callable[[list[ItemScore]], int]) -> Counts:
    rows = sorted(candidate.rows, key=lambda row: row.item)
    groups = groupby(rows, key=lambda row: row.prompt_id)
    return np.array([count(list(group)) for _, group in groups], dtype=np.int64)


def _words(candidate: Candidate) -> tuple[float, float, int]:
    wer = candidate.summary.wer
    assert wer is not None
    return wer, -_similarity(candidate), -candidate.step


def _similarity(candidate: Candidate) -> float:
    assert candidate.summary.similarity is not None
    return candidate.summary.similarity


def _json(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else interval.as_json()
