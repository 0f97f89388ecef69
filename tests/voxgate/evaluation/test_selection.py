from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.evidence import make_row
from voxgate.errors import EvaluatorError
from voxgate.evaluation.selection import Candidate, choose
from voxgate.evaluation.summary import summarise

PROMPTS, SEEDS = 20, 2


def candidate(step: int, row: Callable[[int], dict[str, Any]] = lambda _prompt: {}) -> Candidate:
    rows = tuple(make_row(p, k, **row(p)) for p in range(PROMPTS) for k in range(SEEDS))
    return Candidate(name=f"step-{step:06d}", step=step, model_digest=str(step), rows=rows)


def wrong(errors: int, *, on: int, similarity: float = 0.9) -> Callable[[int], dict[str, Any]]:
    """Return rows with so many word errors in each sample of the first prompts."""
    return lambda p: {"word_errors": errors if p < on else 0, "similarity": similarity}


def test_of_checkpoints_that_words_cannot_tell_apart_the_one_most_like_the_speaker_is_chosen() -> (
    None
):
    best = candidate(1, wrong(1, on=1, similarity=0.84))
    alike = candidate(2, lambda p: {"word_errors": int(p in (5, 6)), "similarity": 0.86})
    choice = choose([best, alike])
    assert choice.chosen is alike
    assert "most like the speaker (mean similarity 0.8600) of the 2 checkpoints" in choice.why
    assert "+0.50 points beside step-000001" in choice.why
    assert [s.eligible for s in choice.standings] == [True, True]


def test_a_checkpoint_that_is_significantly_worse_in_words_is_left_out_however_alike() -> None:
    best, alike = candidate(1), candidate(2, wrong(1, on=12, similarity=0.99))
    choice = choose([best, alike])
    assert choice.chosen is best
    left_out = choice.standings[1]
    assert not left_out.eligible
    assert left_out.why == "significantly more word errors than step-000001"
    assert left_out.wer is not None
    assert left_out.wer.low > 0
    assert left_out.wer.point == pytest.approx(0.06)


def test_a_checkpoint_with_significantly_more_catastrophes_is_left_out_before_words_count() -> None:
    def breaks(prompt: int) -> dict[str, Any]:
        return {"catastrophes": ("endless_audio",) if prompt < 6 else (), "similarity": 0.99}

    sound, broken = candidate(1, wrong(1, on=2)), candidate(2, breaks)
    choice = choose([broken, sound])
    assert choice.chosen is sound
    assert choice.standings[0].wer is None
    assert "more prompts with a catastrophe than step-000001" in choice.standings[0].why


def test_the_later_step_is_chosen_where_nothing_differs() -> None:
    assert choose([candidate(2), candidate(1)]).chosen.step == 2


def test_a_checkpoint_with_an_unmeasured_sample_is_not_eligible() -> None:
    def crashed(prompt: int) -> dict[str, Any]:
        return {"fault": "voice: crashed"} if prompt == 3 else {}

    choice = choose([candidate(1, wrong(9, on=20)), candidate(2, crashed)])
    assert choice.chosen.step == 1
    assert choice.standings[1].why == "2 samples could not be measured"
    assert choice.standings[1].as_json()["wer_versus_best"] is None


def test_nothing_measured_is_nothing_chosen() -> None:
    with pytest.raises(EvaluatorError, match="none of 1 checkpoints"):
        choose([candidate(1, lambda _: {"fault": "voice: crashed"})])


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
