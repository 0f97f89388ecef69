from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxgate.evaluation.rates import ErrorCounts, corpus_rate, count_errors, mean_rate

WORDS = st.lists(st.sampled_from(["a", "bee", "sea", "dee"]), min_size=1, max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("hypothesis", "errors"),
    [("the cat sat", 0), ("the cat", 1), ("a cat sat down", 2), ("", 3), ("x y z w v", 5)],
)
def test_word_errors_are_edits_of_the_reference(hypothesis: str, errors: int) -> None:
    words, _ = count_errors("the cat sat", hypothesis)
    assert words == ErrorCounts(errors, 3)


def test_characters_count_spaces() -> None:
    _, characters = count_errors("ab c", "ab")
    assert characters == ErrorCounts(2, 4)


def test_a_reference_without_words_has_no_rate() -> None:
    with pytest.raises(ValueError, match="has no word after normalisation"):
        count_errors("  ", "something")


def test_corpus_rate_weighs_words_and_mean_rate_utterances() -> None:
    counts = [ErrorCounts(1, 2), ErrorCounts(0, 18)]
    assert corpus_rate(counts) == pytest.approx(0.05)
    assert mean_rate(counts) == pytest.approx(0.25)
    assert corpus_rate([]) is None
    assert mean_rate([]) is None


@settings(deadline=None)
@given(WORDS, WORDS)
def test_errors_lie_between_the_difference_in_length_and_the_longer_text(
    reference: str, hypothesis: str
) -> None:
    words, _ = count_errors(reference, hypothesis)
    lengths = len(reference.split()), len(hypothesis.split())
    assert abs(lengths[0] - lengths[1]) <= words.errors <= max(lengths)
    assert count_errors(reference, reference)[0].errors == 0
