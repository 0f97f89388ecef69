"""Words at a cut go to the side on which they are heard."""

import pytest

from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.words.settling import settle_words, word_errors
from voxgate.types import WordTiming


def utterance(text, start_s):
    words = tuple(
        WordTiming(word=word, start_s=start_s, end_s=start_s + 1, probability=0.9)
        for word in text.split()
    )
    span = Span.of_seconds(start_s, start_s + 2)
    return Utterance(span=span, text=text, language="en", words=words)


def settled(*pairs, gap_s=2.5):
    cuts = [utterance(mine, n * gap_s) for n, (mine, _) in enumerate(pairs)]
    after = settle_words(cuts, [heard for _, heard in pairs], str.lower)
    assert all(each.text == " ".join(word.word for word in each.words) for each in after)
    return [each.text for each in after]


def test_a_word_moves_to_the_left():
    assert settled(("press", "Press one"), ("one now", "now")) == ["press one", "now"]


def test_words_move_to_the_right_through_two_cuts():
    pairs = [("a b c", "a"), ("d", "b c d"), ("e", "e")]
    assert settled(*pairs) == ["a", "b c d", "e"]


def test_all_words_may_leave_one_side():
    assert settled(("one", ""), ("two", "one two")) == ["", "one two"]


def test_a_word_that_is_heard_differently_stays():
    assert settled(("press one", "press fun"), ("now", "now")) == ["press one", "now"]


def test_a_word_moves_past_speech_in_which_nothing_was_heard():
    pairs = [("there", "hello world"), ("", "q"), ("is one", "there is one")]
    assert settled(*pairs, gap_s=2.1) == ["", "", "there is one"]


def test_nothing_moves_over_a_long_silence():
    assert settled(("a b", "a"), ("c", "b c"), gap_s=9) == ["a b", "c"]


@pytest.mark.parametrize(
    ("one", "other", "errors"), [("", "", 0), ("", "a b", 2), ("a", "", 1), ("a b", "a c d", 2)]
)
def test_errors_are_counted_against_nothing_too(one, other, errors):
    assert word_errors(one, other) == errors


def test_characters_move_and_are_written_without_spaces():
    cuts = [utterance("今 天 天", 0.0), utterance("气 好", 2.5)]
    heard = ["今天", "天气好"]
    after = settle_words(cuts, heard, " ".join)
    assert [each.text for each in after] == heard
