"""Loudness and gain."""

import numpy as np
import pytest

from tests.fakes.recordings import make_tone
from voxgate.audio.loudness import Loudness, find_gain, measure_loudness

TARGET = {"target_lufs": -23.0, "max_gain_db": 20.0, "ceiling_dbfs": -1.0}


def test_a_full_scale_1_khz_sine_is_minus_3_lufs():
    # BS.1770-4: a 0 dBFS sine at 997 Hz on one channel reads -3.01 LKFS; meters may err by 0.1.
    tone = make_tone(3.0, 48_000, hz=997.0, level=1.0)
    assert measure_loudness(tone, 48_000).lufs == pytest.approx(-3.01, abs=0.1)


def test_pauses_do_not_lower_the_loudness():
    tone = make_tone(2.0)
    paused = np.concatenate([tone, np.zeros(64_000, dtype=np.float32)])
    whole, gated = measure_loudness(tone, 16_000).lufs, measure_loudness(paused, 16_000).lufs
    assert gated == pytest.approx(whole, abs=0.5)


def test_a_clip_below_400_ms_is_measured_by_rms_and_says_so():
    loudness = measure_loudness(make_tone(0.2, hz=1_000.0), 16_000)
    assert loudness.by_rms
    assert loudness.lufs == pytest.approx(-23.7, abs=0.1)
    assert not measure_loudness(make_tone(0.4), 16_000).by_rms


@pytest.mark.parametrize("seconds", [0.0, 0.1, 2.0])
def test_silence_has_no_loudness(seconds):
    silent = np.zeros(int(seconds * 16_000), dtype=np.float32)
    assert measure_loudness(silent, 16_000).lufs is None
    assert measure_loudness(silent + np.float32(1e-6), 16_000).lufs is None


@pytest.mark.parametrize("seconds", [0.001, 0.0151])
def test_a_clip_of_a_few_samples_can_be_measured(seconds):
    assert measure_loudness(make_tone(seconds), 16_000).lufs is not None


def test_the_gain_reaches_the_target():
    wave = make_tone(2.0, level=0.05)
    gain = find_gain(wave, measure_loudness(wave, 16_000), **TARGET)
    louder = wave * np.float32(10 ** (gain.db / 20))
    assert gain.limited_by is None
    assert measure_loudness(louder, 16_000).lufs == pytest.approx(-23.0, abs=0.01)


def test_the_gain_stops_at_its_bound():
    wave = make_tone(2.0, level=0.001)
    gain = find_gain(wave, measure_loudness(wave, 16_000), **TARGET)
    assert (gain.db, gain.limited_by) == (20.0, "max_gain")


def test_the_gain_stops_at_the_peak_ceiling():
    wave = make_tone(2.0, level=0.01)
    wave[8_000] = 0.5
    gain = find_gain(wave, Loudness(lufs=-40.0), **TARGET)
    assert gain.limited_by == "peak_ceiling"
    assert 20 * np.log10(0.5) + gain.db == pytest.approx(-1.0)


def test_silence_is_not_raised():
    assert find_gain(np.zeros(10, dtype=np.float32), Loudness(lufs=None), **TARGET).db == 0.0
