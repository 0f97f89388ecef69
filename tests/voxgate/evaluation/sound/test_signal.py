from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.syllables import hiss, say
from voxgate.evaluation.sound.signal import (
    bandwidth_hz,
    clicks_per_s,
    clipped_share,
    dc_offset,
    level_lufs,
)
from voxgate.evaluation.sound.spans import find_spans

SAID = say()


def test_the_level_is_that_of_speech_however_much_silence_or_noise_is_around() -> None:
    alone = level_lufs(SAID.wave, find_spans(SAID.wave, SAID.words))
    for around in (np.zeros(48_000, np.float32), hiss(3.0, 0.08)):
        said = SAID.between(around, around)
        level = level_lufs(said.wave, find_spans(said.wave, said.words))
        assert level == pytest.approx(alone, abs=1.5)
    quiet = (SAID.wave / 10).astype(np.float32)
    assert level_lufs(quiet, None) == pytest.approx(level_lufs(SAID.wave, None) - 20, abs=0.1)


def test_silence_has_the_level_of_the_gate() -> None:
    assert level_lufs(np.zeros(16_000, np.float32), None) == -70.0


def test_flattened_peaks_and_an_offset_are_shares_and_not_judged() -> None:
    assert clipped_share(SAID.wave) == 0.0
    assert clipped_share(np.clip(SAID.wave * 4, -0.3, 0.3)) > 0.01
    assert dc_offset(SAID.wave + np.float32(0.05)) == pytest.approx(0.05, abs=0.002)


def test_each_click_is_counted_once() -> None:
    clicking = SAID.wave.copy()
    clicking[[5_000, 15_000, 15_003, 25_000]] += 0.5
    assert clicks_per_s(SAID.wave) == 0.0
    assert clicks_per_s(clicking) == pytest.approx(3 / 2.4)


def test_noise_does_not_click() -> None:
    assert clicks_per_s(hiss(3.0, 0.1)) == 0.0


def test_the_bandwidth_of_a_telephone_is_lower() -> None:
    from scipy import signal

    noisy = np.concatenate([hiss(0.5, 1e-4), hiss(2.0, 0.1, seed=1), hiss(0.5, 1e-4)])
    sections = signal.butter(8, 3_400, fs=16_000, output="sos")
    telephone = signal.sosfiltfilt(sections, noisy).astype(np.float32)
    assert bandwidth_hz(noisy) > 7_500
    assert bandwidth_hz(telephone) < 5_500
