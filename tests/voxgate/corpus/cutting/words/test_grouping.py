"""Sentences first, then comfortable lengths, never over the bounds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.cutting import cut_params
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.grouping import group_pieces
from voxgate.corpus.cutting.words.pieces import Piece
from voxgate.types import WordTiming

PARAMS = cut_params()


def pieces(*parts):
    """Make (pause before, seconds, text) of each piece."""
    at_s, made = 0.0, []
    for pause_s, seconds, text in parts:
        at_s += pause_s
        span = Span.of_seconds(at_s, at_s + seconds)
        words = [
            WordTiming(word=word, start_s=at_s, end_s=at_s + seconds, probability=0.9)
            for word in text.split()
        ]
        made.append(Piece(span, tuple(words)))
        at_s += seconds
    return made


def grouped(*parts, params=PARAMS):
    return [
        " ".join(word.word for piece in group for word in piece.words)
        for group in group_pieces(pieces(*parts), params)
    ]


def test_a_sentence_is_not_torn_at_its_pauses():
    parts = [
        (0.5, 3.0, "the first,"),
        (0.4, 3.0, "of two."),
        (0.4, 3.0, "and a"),
        (0.4, 3.0, "last."),
    ]
    assert grouped(*parts) == ["the first, of two.", "and a last."]


def test_a_short_one_joins_its_neighbour():
    assert grouped((0.5, 0.4, "yes."), (0.5, 3.0, "that is so.")) == ["yes. that is so."]


def test_a_long_pause_always_parts():
    assert grouped((0.5, 0.4, "yes."), (1.2, 3.0, "that is so.")) == ["yes.", "that is so."]


def test_what_is_too_long_together_is_cut_at_a_clause():
    parts = [(0.5, 6.0, "all of"), (0.4, 3.0, "this,"), (0.4, 6.0, "and that"), (0.4, 2.0, "too.")]
    assert grouped(*parts) == ["all of this,", "and that too."]


def test_closing_quotes_do_not_hide_the_end_of_a_sentence():
    parts = [(0.5, 4.0, 'he said "no."'), (0.3, 4.0, "and left")]
    assert grouped(*parts) == ['he said "no."', "and left"]


def test_speech_without_words_stays_alone():
    parts = [(0.5, 2.0, "one"), (0.4, 1.0, ""), (0.4, 1.0, ""), (0.4, 2.0, "two.")]
    assert grouped(*parts) == ["one", "", "two."]


def test_no_pieces_make_no_groups():
    assert group_pieces([], PARAMS) == []


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.2, 1.5), st.floats(0.1, 16.0), st.sampled_from("a b, c.".split()))
    )
)
def test_each_piece_is_in_one_group_that_fits_if_it_can(parts):
    made = pieces(*parts)
    groups = group_pieces(made, PARAMS)
    assert [piece for group in groups for piece in group] == made
    for group in groups:
        seconds = group[-1].span.end_s - group[0].span.start_s
        assert len(group) == 1 or seconds <= PARAMS.max_utterance_s
