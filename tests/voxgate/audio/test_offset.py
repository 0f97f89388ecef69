"""An offset goes, and speech stays."""

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.offset import remove_offset


def difference_db(one, other):
    return 10 * np.log10(np.mean((one - other) ** 2) / np.mean(other**2))


@pytest.mark.parametrize("offset", [0.003, -0.01, 0.3])
def test_a_constant_offset_is_removed(offset):
    speech = make_speech(1)
    samples = (speech + np.float32(offset))[:, None]
    assert remove_offset(samples, RATE) == [0]
    assert difference_db(samples[:, 0], speech) < -40


def test_an_offset_that_is_not_there_in_the_edges_is_removed():
    speech = make_speech(1)
    part = np.concatenate([np.zeros(RATE), speech + 0.1, np.zeros(RATE)]).astype(np.float32)
    remove_offset(samples := part[:, None].copy(), RATE)
    quiet = samples[: RATE - RATE // 5, 0]
    assert np.abs(quiet).max() < 1e-3


def test_speech_without_an_offset_is_not_touched():
    for seed in range(5):
        samples = make_speech(seed)[:, None].copy()
        before = samples.copy()
        assert remove_offset(samples, RATE) == []
        np.testing.assert_array_equal(samples, before)


def test_only_the_channel_that_has_one_is_mended():
    speech = make_speech(1)
    samples = np.stack([speech, speech + np.float32(0.05)], axis=1)
    assert remove_offset(samples, RATE) == [1]


@pytest.mark.parametrize("length", [0, 1, 5, 400])
def test_very_short_and_constant_waves_do_no_harm(length):
    samples = np.full((length, 1), 0.2, dtype=np.float32)
    assert remove_offset(samples, RATE) == []
