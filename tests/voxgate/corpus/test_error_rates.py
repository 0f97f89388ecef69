"""Error rates, above all at the edges."""

import doctest

import pytest

from voxgate.corpus import error_rates as module
from voxgate.corpus.error_rates import edge_error_rate, error_rates


def test_examples_hold():
    assert doctest.testmod(module).failed == 0


def test_equal_texts_have_no_errors():
    rates = error_rates("press one now", "press one now", edge_characters=10)
    assert (rates.cer, rates.wer, rates.edge_cer, rates.words) == (0, 0, 0, 3)


def test_a_missing_last_word_shows_at_the_edge_more_than_in_the_whole():
    text = "please leave your message after the tone and then hang up slowly"
    rates = error_rates(text, text.removesuffix(" slowly"), edge_characters=10)
    assert rates.cer < 0.15
    assert rates.edge_cer >= 0.7


def test_an_early_insertion_counts_once():
    assert edge_error_rate("press one now", "oh press one now", 10) == pytest.approx(0.3)


def test_nothing_heard_is_all_wrong():
    rates = error_rates("press one", "", edge_characters=10)
    assert (rates.cer, rates.wer, rates.edge_cer) == (1, 1, 1)


def test_a_rate_against_nothing_is_refused():
    with pytest.raises(ValueError, match="empty after normalisation"):
        error_rates(" ", "words", edge_characters=10)
