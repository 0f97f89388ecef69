"""Channels and rates."""

import numpy as np
import pytest

from tests.fakes.recordings import make_tone
from voxgate.audio.resampling import mix_down, resample


def test_mixing_averages_and_so_cannot_clip():
    stereo = np.stack([np.ones(4), np.zeros(4)], axis=1).astype(np.float32)
    np.testing.assert_array_equal(mix_down(stereo), np.full(4, 0.5, dtype=np.float32))


def test_mixing_one_channel_changes_nothing():
    tone = make_tone()
    np.testing.assert_array_equal(mix_down(tone[:, None]), tone)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_resampling_keeps_pitch_level_and_length(rate):
    wave = resample(make_tone(1.0, rate), rate, 16_000)
    assert len(wave) == pytest.approx(16_000, abs=1)
    assert wave.dtype == np.float32
    np.testing.assert_allclose(wave[2000:14000], make_tone(1.0)[2000:14000], atol=2e-3)


def test_what_the_target_rate_cannot_hold_is_filtered_out():
    wave = resample(make_tone(1.0, 48_000, hz=12_000), 48_000, 16_000)
    assert np.abs(wave[1000:-1000]).max() < 1e-4
