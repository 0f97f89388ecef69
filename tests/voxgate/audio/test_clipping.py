"""Flattened peaks are found at any level, and nothing else is taken for them."""

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.clipping import ClippingMeter


def fractions(samples, block=65_536):
    samples = samples if samples.ndim == 2 else samples[:, None]
    meter = ClippingMeter(samples.shape[1])
    for start in range(0, len(samples), block):
        meter.add(samples[start : start + block].astype(np.float32))
    return meter.fractions


def stored(wave, bits=16):
    return np.round(wave * 2 ** (bits - 1)) / 2 ** (bits - 1)


def loud_speech(peak, seed=1):
    wave = make_speech(seed, 4.0)
    return wave * (peak / np.abs(wave).max())


@pytest.mark.parametrize("top", [1.0, 0.9, 0.3])
@pytest.mark.parametrize("bits", [8, 16, 24])
def test_flattened_peaks_are_found_wherever_the_top_is(bits, top):
    flat = np.clip(loud_speech(4.0), -1.0, 32_767 / 32_768)
    assert fractions(stored(flat * top, bits))[0] > 0.01


def test_one_sided_clipping_is_found():
    assert fractions(stored(np.clip(loud_speech(2.0), -2.0, 0.5) / 2))[0] > 0.005


def test_a_recording_that_was_only_loud_is_not_clipped():
    for peak in (0.02, 0.99, 1.0, 2.2, 20_000.0):
        assert fractions(loud_speech(peak)) == (0.0,), peak


@pytest.mark.parametrize("hz", [20, 50, 100, 440])
@pytest.mark.parametrize("level", [1.0, 0.1, 0.005])
def test_the_rounded_top_of_a_wave_is_no_flattened_one(level, hz):
    wave = level * np.sin(2 * np.pi * hz * np.arange(48_000) / 48_000)
    assert fractions(stored(wave))[0] < 0.001


def test_silence_and_repeated_samples_are_not_clipping():
    assert fractions(np.zeros(RATE)) == (0.0,)
    assert fractions(np.repeat(loud_speech(0.8), 3))[0] < 0.001


def test_channels_are_counted_apart():
    clean = loud_speech(0.8)
    flat = stored(np.clip(clean * 5, -0.8, 0.8))
    one, other = fractions(np.stack([flat, clean], axis=1))
    assert (one > 0.01, other) == (True, 0.0)


def test_blocks_of_a_decoder_change_little():
    flat = stored(np.clip(loud_speech(4.0), -1.0, 1.0))
    assert fractions(flat, 1_024)[0] == pytest.approx(fractions(flat)[0], rel=0.05)


def test_nothing_has_nothing_flattened():
    assert fractions(np.zeros((0, 2))) == (0.0, 0.0)
