from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scripts.corpus.sounds import make_music, make_noise, make_tone, pink_noise
from voxgate.types import Wave


@pytest.mark.parametrize("make", [make_tone, make_music, make_noise])
def test_a_sound_has_its_length_its_level_and_no_click(
    make: Callable[[np.random.Generator, int], Wave],
) -> None:
    wave = make(np.random.default_rng(1), 20_001)
    assert (wave.shape, wave.dtype) == ((20_001,), np.float32)
    assert np.abs(wave).max() <= 1
    assert 0.05 < np.sqrt((wave**2).mean()) < 0.15
    assert abs(wave[0]) < 1e-3 > abs(wave[-1])


def test_pink_noise_falls_by_three_decibels_an_octave() -> None:
    power = np.abs(np.fft.rfft(pink_noise(np.random.default_rng(1), 160_000))) ** 2
    low, high = power[5000:10_000].mean(), power[10_000:20_000].mean()
    assert 10 * np.log10(low / high) == pytest.approx(3, abs=0.3)
