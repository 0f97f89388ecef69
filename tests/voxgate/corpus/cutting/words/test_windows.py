"""Windows hold all speech, none is too long, and they end at long pauses."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.read_aloud import read_aloud
from voxgate.corpus.cutting.sound.levels import Levels, measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.windows import MAX_WINDOW_S, halve, plan_windows


def planned(aloud, islands=None):
    levels = measure_levels(aloud.read, aloud.n_samples)
    return plan_windows(islands or aloud.spans, levels, n_samples=aloud.n_samples)


def test_a_window_has_room_at_both_edges():
    assert planned(read_aloud((0.5, "one", 2.0))) == [Span.of_seconds(0.2, 2.8)]


def test_it_ends_at_the_longest_pause_of_its_second_half():
    aloud = read_aloud(*[(0.3, "a", 5.0)] * 3, (0.9, "b", 5.0), *[(0.3, "c", 5.0)] * 3)
    first, second = planned(aloud)
    assert aloud.spans[2].end < first.end < aloud.spans[3].start
    assert first.end <= second.start


def test_a_long_silence_ends_a_window():
    assert len(planned(read_aloud((0.5, "a", 2.0), (2.5, "b", 2.0)))) == 2


def test_speech_without_a_pause_is_divided_where_the_least_sounds():
    aloud = read_aloud((0.5, "a", 20.0), (0.15, "b", 20.0))
    whole = Span(aloud.spans[0].start, aloud.spans[1].end)
    first, second = planned(aloud, [whole])
    assert first.end == second.start
    assert aloud.spans[0].end <= first.end <= aloud.spans[1].start


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(10, 4000)), min_size=1, max_size=12))
def test_all_speech_is_in_windows_that_fit(lengths):
    at, islands = 0, []
    for pause, length in lengths:
        islands.append(Span((at + pause) * 160, (at + pause + length) * 160))
        at += pause + length
    n_samples = at * 160 + 100
    silent = np.zeros(at, np.float32)
    levels = Levels(silent, silent)
    windows = plan_windows(islands, levels, n_samples=n_samples)
    assert all(window.duration_s <= MAX_WINDOW_S for window in windows)
    assert all(a.end <= b.start for a, b in pairwise(windows))
    held = sum(island.overlap(window) for island in islands for window in windows)
    assert held == sum(island.n_samples for island in islands)
    assert windows[-1].end <= n_samples


@pytest.mark.parametrize(
    ("window", "parts"),
    [
        (Span(0, 96_000), [Span(0, 40_000), Span(40_000, 96_000)]),
        (Span(0, 32_000), [Span(0, 32_000)]),
    ],
)
def test_a_window_is_halved_in_the_pause_nearest_its_middle(window, parts):
    islands = [Span(1600, 32_000), Span(48_000, 80_000), Span(88_000, 92_800)]
    assert halve(window, islands) == parts
