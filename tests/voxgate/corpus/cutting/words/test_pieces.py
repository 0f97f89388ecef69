"""Words go to the speech that they share most with."""

from tests.fakes.read_aloud import read_aloud
from voxgate.corpus.cutting.sound.levels import measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.pieces import Piece, divide_long, place_words
from voxgate.types import WordTiming


def word(text, start_s, end_s):
    return WordTiming(word=text, start_s=start_s, end_s=end_s, probability=0.9)


def texts(pieces):
    return [" ".join(each.word for each in piece.words) for piece in pieces]


ISLANDS = [Span.of_seconds(1, 2), Span.of_seconds(3, 4), Span.of_seconds(5, 6)]


def test_a_word_that_reaches_into_a_pause_is_where_its_sound_is():
    words = [word("one", 1.2, 2.9), word("two", 2.2, 3.8), word("three", 4.1, 5.4)]
    assert texts(place_words(words, ISLANDS)) == ["one", "two", "three"]


def test_a_word_in_a_pause_goes_to_what_is_nearest():
    words = [word("one", 2.1, 2.3), word("two", 4.7, 4.8)]
    assert texts(place_words(words, ISLANDS)) == ["one", "", "two"]


def test_order_stays_where_times_go_back():
    words = [word("one", 3.1, 3.9), word("two", 1.5, 1.6), word("three", 5.0, 5.5)]
    assert texts(place_words(words, ISLANDS)) == ["", "one two", "three"]


def test_words_without_speech_are_nowhere():
    assert place_words([word("one", 0, 1)], []) == []


def test_a_long_piece_is_divided_at_its_short_silences_until_it_fits():
    aloud = read_aloud((1.0, "a b", 4.0), (0.1, "c d", 4.0), (0.12, "e f", 4.0))
    levels = measure_levels(aloud.read, aloud.n_samples)
    whole = Piece(Span(aloud.spans[0].start, aloud.spans[-1].end), aloud.words)
    parts = divide_long(whole, levels, longest_s=6.0)
    assert [part.span for part in parts] == list(aloud.spans)
    assert texts(parts) == ["a b", "c d", "e f"]
    torn = [(part.torn_start, part.torn_end) for part in parts]
    assert torn == [(False, True), (True, True), (True, False)]


def test_a_long_piece_without_any_silence_stays_whole():
    aloud = read_aloud((0.5, "a b", 9.0))
    levels = measure_levels(aloud.read, aloud.n_samples)
    piece = Piece(aloud.spans[0], aloud.words)
    assert divide_long(piece, levels, longest_s=6.0) == [piece]
