from __future__ import annotations

import numpy as np
import pytest

from voxgate.evaluation.drills.damage import (
    NOISE_SNR_DB,
    add_noise,
    drop_words,
    repeat_words,
    shift_pitch,
    silence,
    truncate,
)
from voxgate.types import Wave


def tone(pitch_hz: float, seconds: float = 2.0) -> Wave:
    time_s = np.arange(int(16_000 * seconds)) / 16_000
    wave: Wave = (0.3 * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32)
    return wave


def pitch_of(wave: Wave) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(wave))) * 16_000 / len(wave))


def test_every_fifth_word_is_dropped_or_repeated() -> None:
    text = "a b c d e f g h"
    assert drop_words(text) == "a c d e f h"
    assert repeat_words(text) == "a b b c d e f g g h"
    assert (drop_words("alone"), repeat_words("alone")) == ("alone", "alone")


def test_noise_has_the_stated_level_and_is_the_same_for_the_same_wave() -> None:
    wave = tone(200)
    noisy = add_noise(wave)
    added = np.mean(np.square(noisy - wave)) / np.mean(np.square(wave))
    assert 10 * np.log10(added) == pytest.approx(-NOISE_SNR_DB, abs=0.2)
    assert (add_noise(wave) == noisy).all()
    assert not (add_noise(tone(201)) - tone(201) == noisy - wave).all()
    assert (noisy.dtype, np.abs(noisy).max() <= 1) == (np.float32, True)


def test_silence_keeps_the_length_and_truncation_the_beginning() -> None:
    wave = tone(200)
    assert len(silence(wave)) == len(wave)
    assert not silence(wave).any()
    assert (truncate(wave) == wave[: len(wave) * 6 // 10]).all()


def test_a_shifted_pitch_is_two_semitones_higher_and_as_long() -> None:
    shifted = shift_pitch(tone(200))
    assert pitch_of(shifted) == pytest.approx(200 * 2 ** (2 / 12), rel=0.01)
    assert (len(shifted), shifted.dtype) == (32_000, np.float32)
