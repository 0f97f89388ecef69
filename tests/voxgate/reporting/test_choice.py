"""Which samples are played: the worst, and others by the dice of the evidence's digest."""

from __future__ import annotations

from typing import Any

from tests.fakes.evidence import make_evidence
from voxgate.reporting.choice import choose_samples


def _row(prompt: int, k: int) -> dict[str, Any]:
    if (prompt, k) == (7, 1):
        return {"catastrophes": ("silent",), "word_errors": 1}
    if (prompt, k) == (9, 2):
        return {"word_errors": 8}
    if (prompt, k) == (11, 0):
        return {"word_errors": 8, "similarity": 0.5}
    if prompt == 3:
        return {"fault": "it broke", "word_errors": None}
    return {}


EVIDENCE = make_evidence(row=_row)


def test_catastrophes_come_first_then_words_then_likeness() -> None:
    worst = choose_samples(EVIDENCE, "a").worst
    assert [row.item for row in worst[:3]] == [("p007", 1), ("p011", 0), ("p009", 2)]


def test_no_prompt_is_played_twice_and_none_that_was_not_measured() -> None:
    choice = choose_samples(EVIDENCE, "a")
    prompts = [row.prompt_id for row in (*choice.worst, *choice.random)]
    assert len(set(prompts)) == len(prompts) == 20
    assert "p003" not in prompts


def test_the_digest_draws_the_others() -> None:
    first, again, other = (choose_samples(EVIDENCE, digest) for digest in "aab")
    assert first == again
    assert first.worst == other.worst
    assert first.random != other.random


def test_few_prompts_are_all_played_once() -> None:
    choice = choose_samples(make_evidence(prompts=12), "a")
    assert (len(choice.worst), len(choice.random)) == (10, 2)
