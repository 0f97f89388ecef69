"""Which channel is taken, and that it is said."""

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.channels import choose_channel

SPEECH = make_speech(1, 3.0)


def noise(level, seed=0):
    return (level * np.random.default_rng(seed).standard_normal(len(SPEECH))).astype(np.float32)


def hum():
    return (0.05 * np.sin(2 * np.pi * 50 * np.arange(len(SPEECH)) / RATE)).astype(np.float32)


def choose(*channels):
    return choose_channel(np.stack(channels, axis=1).astype(np.float32), RATE)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (0 * SPEECH, "empty"),
        (SPEECH / 1000, "empty"),
        (-SPEECH, "opposed"),
        (noise(0.02), "different"),
        (hum(), "different"),
        (SPEECH + noise(0.005), "noisy"),
        (np.roll(SPEECH, 40), "different"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_the_better_channel_is_taken_where_they_differ(other, why, place):
    channels = [SPEECH, other] if place == 0 else [other, SPEECH]
    chosen = choose(*channels)
    reason = chosen.action.split(":")[-1]
    if why != "opposed" and not np.array_equal(other, np.roll(SPEECH, 40)):
        np.testing.assert_array_equal(chosen.wave, SPEECH)
        assert chosen.used == (place,)
    assert reason == why
    assert np.abs(chosen.wave).max() == pytest.approx(np.abs(SPEECH).max(), rel=0.01)


def test_channels_that_agree_are_averaged():
    chosen = choose(SPEECH, SPEECH * 0.5)
    assert (chosen.action, chosen.used) == ("downmixed", (0, 1))
    np.testing.assert_allclose(chosen.wave, 0.75 * SPEECH, atol=1e-6)


def test_the_centre_of_six_channels_is_taken():
    quiet = [noise(1e-6, seed) for seed in range(5)]
    chosen = choose(*quiet[:2], SPEECH, *quiet[2:])
    assert chosen.action == "channel_taken:3:empty"


def test_one_channel_needs_no_word():
    chosen = choose(SPEECH)
    assert (chosen.action, chosen.used) == (None, (0,))


def test_channels_of_silence_stay_silence():
    chosen = choose(0 * SPEECH, 0 * SPEECH)
    assert (chosen.wave.any(), chosen.action) == (False, "downmixed")
