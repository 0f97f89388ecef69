"""Edges of speech are moved to where sound begins and ends."""

import pytest

from tests.fakes.read_aloud import read_aloud
from voxgate.corpus.cutting.sound.islands import find_islands, inner_pauses
from voxgate.corpus.cutting.sound.levels import measure_levels
from voxgate.corpus.cutting.spans import Span


def islands_of(aloud, speech):
    levels = measure_levels(aloud.read, aloud.n_samples)
    return find_islands(speech, levels, min_pause_s=0.2)


@pytest.mark.parametrize("shift_s", [-0.15, 0.0, 0.15])
def test_edges_are_those_of_the_sound(shift_s):
    aloud = read_aloud((0.5, "one", 1.0), (0.6, "two", 1.0))
    seen = [Span.of_seconds(s.start_s + shift_s, s.end_s + shift_s) for s in aloud.spans]
    assert islands_of(aloud, seen) == list(aloud.spans)


def test_a_pause_inside_what_the_detector_took_for_one_parts_it():
    aloud = read_aloud((0.5, "one", 1.0), (0.25, "two", 1.0))
    assert islands_of(aloud, [Span.of_seconds(0.5, 2.75)]) == list(aloud.spans)


def test_the_closure_of_a_stop_parts_nothing():
    aloud = read_aloud((0.5, "ap", 0.5), (0.1, "ple", 0.5))
    assert islands_of(aloud, aloud.spans) == [Span.of_seconds(0.5, 1.6)]


def test_sound_that_the_detector_calls_no_speech_stays_outside():
    aloud = read_aloud((0.5, "", 1.0), (0.6, "two", 1.0))
    assert islands_of(aloud, [aloud.spans[1]]) == [aloud.spans[1]]


def test_speech_that_is_not_loud_stays_as_it_was_seen():
    aloud = read_aloud((0.5, "one", 1.0), (2.0, "", 0.1))
    quiet = Span.of_seconds(2.0, 2.5)
    assert islands_of(aloud, [quiet]) == [quiet]


def test_no_speech_has_no_islands():
    assert islands_of(read_aloud((0.5, "one", 1.0)), []) == []


def test_short_silences_inside_are_found_for_need():
    aloud = read_aloud((0.5, "one", 1.0), (0.12, "two", 1.0), (0.03, "three", 1.0))
    levels = measure_levels(aloud.read, aloud.n_samples)
    inside = inner_pauses(Span.of_seconds(0.5, 3.65), levels, min_pause_s=0.06)
    assert inside == [Span.of_seconds(1.5, 1.62)]
