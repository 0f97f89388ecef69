"""Utterances: at pauses, between words, with room; every island inside one."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.cutting import cut_params
from tests.fakes.read_aloud import read_aloud
from voxgate.corpus.cutting.sound.levels import Levels, measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.utterances import TORN, cut_utterances, within
from voxgate.types import WordTiming

PARAMS = cut_params()


def cut(aloud, words=None, islands=None, **changes):
    return cut_utterances(
        aloud.words if words is None else words,
        aloud.spans if islands is None else islands,
        measure_levels(aloud.read, aloud.n_samples),
        cut_params(**changes),
        n_samples=aloud.n_samples,
        language="en",
    )


def test_an_utterance_has_room_and_its_words_end_where_the_sound_does():
    aloud = read_aloud((1.0, "one two", 2.0), (1.5, "three.", 2.0))
    first, second = cut(aloud)
    assert (first.span, first.text) == (Span.of_seconds(0.85, 3.15), "one two")
    assert (second.span, second.text) == (Span.of_seconds(4.35, 6.65), "three.")
    assert (first.words[0].start_s, first.words[-1].end_s) == (1.0, 3.0)
    assert first.language == "en"


def test_room_never_reaches_into_a_neighbour():
    aloud = read_aloud((0.05, "one.", 5.0), (0.2, "two.", 5.0))
    first, second = cut(aloud)
    assert first.span.start == 0
    assert first.span.end == second.span.start == round(5.15 * 16_000)


def test_what_is_nearly_long_enough_gets_a_little_more_room():
    (only,) = cut(read_aloud((1.0, "yes.", 0.62)))
    assert only.span == Span.of_seconds(0.81, 1.81)
    (short,) = cut(read_aloud((1.0, "no.", 0.3)))
    assert short.span == Span.of_seconds(0.8, 1.5)


def test_a_cut_without_a_real_pause_is_measured():
    aloud = read_aloud((1.0, "one", 9.0), (0.08, "two", 9.0))
    whole = [Span(aloud.spans[0].start, aloud.spans[1].end)]
    first, second = cut(aloud, islands=whole)
    assert (first.text, second.text) == ("one", "two")
    assert first.measures == second.measures == {TORN: 1.0}
    assert cut(read_aloud((1.0, "one", 9.0)))[0].measures == {}


def test_speech_in_which_nothing_was_heard_is_no_part_of_a_text():
    aloud = read_aloud((1.0, "one.", 2.0), (0.4, "", 2.0), (0.4, "two.", 2.0))
    assert [(u.text, bool(u.words)) for u in cut(aloud)] == [
        ("one.", True),
        ("", False),
        ("two.", True),
    ]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(20, 150), st.integers(5, 2000), st.integers(0, 3)), min_size=1)
)
def test_all_speech_is_in_utterances_that_do_not_touch_words_of_others(parts):
    at, islands, words = 0, [], []
    for pause, length, count in parts:
        islands.append(Span((at + pause) * 160, (at + pause + length) * 160))
        for n in range(count):
            start_s = islands[-1].start_s + n * length / 100 / count
            words.append(
                WordTiming(
                    word="a.", start_s=start_s, end_s=start_s + length / 100 / count, probability=1
                )
            )
        at += pause + length
    silent = np.zeros(at, np.float32)
    cuts = cut_utterances(
        words, islands, Levels(silent, silent), PARAMS, n_samples=at * 160 + 7, language="en"
    )
    assert all(a.span.end <= b.span.start for a, b in pairwise(cuts))
    assert all(u.span.start % 160 == u.span.end % 160 == 0 for u in cuts)
    held = sum(island.overlap(u.span) for island in islands for u in cuts)
    assert held == sum(island.n_samples for island in islands)
    assert [word.word for u in cuts for word in u.words] == [word.word for word in words]


@pytest.mark.parametrize("times", [[], [(0, 9)], [(0, 0), (0, 0)], [(5, 9), (8, 9), (1, 2)]])
def test_words_fill_the_sound_in_order(times):
    words = [WordTiming(word="a", start_s=a, end_s=b, probability=1) for a, b in times]
    placed = within(words, 2.0, 4.0)
    assert len(placed) == len(words)
    if placed:
        assert (placed[0].start_s, placed[-1].end_s) == (2.0, 4.0)
    assert all(word.end_s - word.start_s > 0.01 for word in placed)
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(placed))
