"""Word by word: as few differences as there are word errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.evaluation.rates import count_errors
from voxgate.reporting.words import align_words

WORDS = st.lists(st.sampled_from("one two three four".split()), max_size=8)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("hold the lime", ("changed", "line", "lime")),
        ("hold the", ("missed", "line", None)),
        ("hold the line now", ("added", None, "now")),
    ],
)
def test_each_kind_of_difference(heard: str, expected: tuple[str, str | None, str | None]) -> None:
    words = align_words("hold the line".split(), heard.split())
    found = [(word.kind, word.asked, word.heard) for word in words if word.kind != "same"]
    assert found == [expected]


@given(asked=WORDS.filter(bool), heard=WORDS)
def test_there_are_as_many_as_the_judge_counts(asked: list[str], heard: list[str]) -> None:
    words = align_words(asked, heard)
    counted, _ = count_errors(" ".join(asked), " ".join(heard))
    assert sum(word.kind != "same" for word in words) == counted.errors
    assert [w.asked for w in words if w.asked is not None] == asked
    assert [w.heard for w in words if w.heard is not None] == heard
