from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.evidence import make_row
from voxgate.errors import EvaluatorError
from voxgate.evaluation.selection import Candidate, choose
from voxgate.evaluation.summary import summarise


def candidate(step: int, **changes: float) -> Candidate:
    summary = summarise([make_row(p, 0) for p in range(4)])
    return Candidate(
        name=f"step-{step:06d}",
        step=step,
        model_digest=str(step),
        summary=replace(summary, **changes),
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (candidate(1, catastrophic_prompts=0, wer=0.9), candidate(2, catastrophic_prompts=1)),
        (candidate(1, wer=0.1, similarity=0.1), candidate(2, wer=0.2, similarity=0.9)),
        (candidate(1, similarity=0.9), candidate(2, similarity=0.8)),
        (candidate(2), candidate(1)),
        (candidate(1, wer=0.9), candidate(2, wer=0.0, unmeasured=1)),
    ],
)
def test_the_rule_is_lexicographic(better: Candidate, worse: Candidate) -> None:
    assert choose([better, worse]) is better
    assert choose([worse, better]) is better


def test_nothing_measured_is_nothing_chosen() -> None:
    with pytest.raises(EvaluatorError, match="none of 1 checkpoints"):
        choose([candidate(1, unmeasured=1)])


def test_a_summary_counts_what_it_could_not_average() -> None:
    rows = [
        make_row(0, 0, word_errors=1, similarity=0.8, catastrophes=("too_long",)),
        make_row(0, 1, similarity=0.9, catastrophes=("too_long", "high_wer")),
        make_row(1, 0, fault="voice: crashed", similarity=None, word_errors=None),
    ]
    summary = summarise(rows)
    assert (summary.items, summary.unmeasured, summary.prompts) == (3, 1, 2)
    assert summary.wer == pytest.approx(1 / 20)
    assert summary.similarity == pytest.approx(0.85)
    assert (summary.catastrophes, summary.catastrophic_prompts) == (2, 1)
    assert summary.catastrophe_codes == {"high_wer": 1, "too_long": 2}
    assert summarise([]).wer is None
