"""Word by word: as few differences as there are word errors."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voxgate.evaluation.rates import count_errors
from voxgate.reporting.words import align_words

WORDS = st.lists(st.sampled_from("one two three four".split()), max_size=8)


def test_each_kind_of_difference() -> None:
    words = align_words("please hold the line open".split(), "please fold line open now".split())
    assert [(w.kind, w.asked, w.heard) for w in words] == [
        ("same", "please", "please"),
        ("changed", "hold", "fold"),
        ("missed", "the", None),
        ("same", "line", "line"),
        ("same", "open", "open"),
        ("added", None, "now"),
    ]


@given(asked=WORDS.filter(bool), heard=WORDS)
def test_there_are_as_many_as_the_judge_counts(asked: list[str], heard: list[str]) -> None:
    words = align_words(asked, heard)
    counted, _ = count_errors(" ".join(asked), " ".join(heard))
    assert sum(word.kind != "same" for word in words) == counted.errors
    assert [w.asked for w in words if w.asked is not None] == asked
    assert [w.heard for w in words if w.heard is not None] == heard
