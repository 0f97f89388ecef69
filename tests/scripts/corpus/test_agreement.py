from __future__ import annotations

import numpy as np
import pytest

from scripts.corpus.agreement import SPOILINGS, shares
from tests.fakes.cutting import cut_params
from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.words.agreement import Agreement

WORDS = ["press", "one", "to", "hear", "it"]
OTHERS = [WORDS, ["thank", "you", "for", "calling", "us"]]


def spoil(name: str) -> list[str]:
    return SPOILINGS[name](WORDS, OTHERS, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("right", WORDS),
        ("of another clip", OTHERS[1]),
        ("last word missing", WORDS[:-1]),
        ("first word missing", WORDS[1:]),
    ],
)
def test_a_text_is_spoilt_as_its_name_says(name: str, spoilt: list[str]) -> None:
    assert spoil(name) == spoilt


def test_what_is_drawn_changes_one_word_or_the_order() -> None:
    assert sorted(spoil("shuffled")) == sorted(WORDS)
    assert len(spoil("a word missing inside")) == len(WORDS) - 1
    assert len(spoil("a word too many, inside")) == len(WORDS) + 1
    assert len(spoil("a word too many, at an end")) == len(WORDS) + 1
    replaced = spoil("a word replaced")
    assert sum(a != b for a, b in zip(replaced, WORDS, strict=True)) == 1


def test_shares_are_of_all_clips_and_a_text_that_nobody_places_is_doubted() -> None:
    params = cut_params()
    fine = {"aligners_apart_s": 0.1, "second_probability": 0.5, "first_probability": 0.5}
    apart = {**fine, "aligners_apart_s": params.max_aligners_apart_s + 0.1}
    why = reason("aligners_differ", expected="agreement", arrived="none")
    found = [
        Agreement(measures=fine),
        Agreement(measures=apart, reasons=(why,)),
        Agreement(reasons=(why,)),
        Agreement(measures=fine),
    ]

    assert shares(found, params) == [0.25, 0.0, 0.0, 0.5]
