"""Where sound begins and ends."""

import numpy as np
import pytest

from tests.fakes.recordings import make_tone
from voxgate.audio.silence import find_sound, frame_levels_db, trim_bounds


def with_silence(lead_s, trail_s, *, noise=0.0, rate=16_000):
    tone = make_tone(1.0)
    parts = [np.zeros(int(lead_s * rate)), tone, np.zeros(int(trail_s * rate))]
    wave = np.concatenate(parts).astype(np.float32)
    return wave + noise * np.random.default_rng(7).standard_normal(len(wave)).astype(np.float32)


@pytest.mark.parametrize("noise", [0.0, 0.0005, 0.005])
def test_the_bounds_hold_over_noise(noise):
    wave = with_silence(0.5, 0.8, noise=noise)
    bounds = find_sound(wave, 16_000)
    assert bounds.leading_s(16_000) == pytest.approx(0.5, abs=0.03)
    assert bounds.trailing_s(16_000) == pytest.approx(0.8, abs=0.03)


def test_a_clip_full_of_sound_has_no_silence():
    bounds = find_sound(make_tone(1.0), 16_000)
    assert (bounds.start, bounds.end) == (0, 16_000)


@pytest.mark.parametrize("n", [0, 1, 100, 16_000])
def test_a_silent_clip_has_no_sound_and_is_left_whole(n):
    bounds = find_sound(np.zeros(n, dtype=np.float32), 16_000)
    assert bounds.start == bounds.end == 0
    assert trim_bounds(bounds, 16_000, max_silence_s=0.1, keep_silence_s=0.1) == (0, n)


def test_only_the_side_with_too_much_silence_is_cut():
    wave = with_silence(0.3, 1.5)
    start, end = trim_bounds(
        find_sound(wave, 16_000), 16_000, max_silence_s=0.5, keep_silence_s=0.2
    )
    assert start == 0
    assert end / 16_000 == pytest.approx(0.3 + 1.0 + 0.2, abs=0.03)


def test_levels_are_in_dbfs():
    levels = frame_levels_db(make_tone(0.5, hz=1_000.0, level=1.0), 16_000)
    assert levels[5:-5] == pytest.approx(-3.01, abs=0.05)
    assert frame_levels_db(np.zeros(800, dtype=np.float32), 16_000).max() == -120.0
