"""Levels of a recording of any length, and what is quiet in it."""

import numpy as np

from tests.fakes.read_aloud import read_aloud
from voxgate.corpus.cutting.sound.levels import measure_levels
from voxgate.corpus.cutting.spans import Span

RATE = 16_000


def measured(wave):
    return measure_levels(lambda span: wave[span.start : span.end], len(wave))


def test_sound_is_loud_and_pauses_are_quiet_to_the_frame():
    aloud = read_aloud((0.5, "one", 1.0), (0.4, "two", 0.7))
    loud = measure_levels(aloud.read, aloud.n_samples).is_loud
    expected = np.zeros(len(loud), bool)
    expected[50:150] = expected[190:260] = True
    assert (loud == expected).all()


def test_blocks_change_nothing():
    wave = read_aloud(*[(1.0, "word", 2.0)] * 45).wave  # more than two blocks
    whole = measured(wave).db
    alone = measured(wave[60 * RATE : 70 * RATE]).db
    np.testing.assert_allclose(whole[6000:7000], alone, atol=1e-4)


def test_a_floor_that_rises_is_followed():
    quiet = read_aloud(*[(1.0, "word", 2.0)] * 20).wave
    noisy = quiet + 0.01 * np.random.default_rng(1).standard_normal(len(quiet)).astype(np.float32)
    levels = measured(np.concatenate([quiet, noisy]))
    pauses = np.concatenate([levels.is_loud[at * 300 + 10 : at * 300 + 90] for at in range(20)])
    later = levels.is_loud[len(levels.db) // 2 + 2000 :]
    assert pauses.mean() < 0.01
    assert 0.6 < later.mean() < 0.72  # the words, not the noise between them


def test_hum_does_not_hide_where_a_soft_consonant_begins():
    aloud = read_aloud((0.5, "one", 1.0))
    times = np.arange(aloud.n_samples) / RATE
    hummed = (0.05 * aloud.wave + 0.02 * np.sin(2 * np.pi * 50 * times)).astype(np.float32)
    assert measured(hummed).sound_in(Span(0, 24_000)) == Span.of_seconds(0.5, 1.5)


def test_nothing_but_silence_is_not_loud():
    assert not measured(np.zeros(RATE, np.float32)).is_loud.any()
    assert measured(np.zeros(0, np.float32)).db.shape == (0,)


def test_a_mute_does_not_lower_the_floor():
    aloud = read_aloud((0.5, "one", 1.0), (1.0, "two", 1.0), (3.0, "three", 1.0))
    whole = Span(0, aloud.n_samples)
    expected = measured(aloud.wave).loud_frames(whole)
    aloud.wave[round(4.0 * RATE) : round(6.0 * RATE)] = 0.0
    assert measured(aloud.wave).loud_frames(whole) == expected


def test_a_click_is_no_edge_of_sound():
    aloud = read_aloud((0.5, "one", 1.0))
    aloud.wave[2000] = 0.9
    assert measured(aloud.wave).sound_in(Span(0, aloud.n_samples)) == aloud.spans[0]


def test_the_quietest_place_is_found():
    aloud = read_aloud((0.0, "one", 2.0), (0.2, "two", 2.0))
    at = measured(aloud.wave).quietest(Span(0, 64_000))
    assert 2.0 <= at / RATE <= 2.2
