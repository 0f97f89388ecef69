from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, power_db, tone
from voxgate.evaluation.drills.damage.anatomy import find_pauses
from voxgate.evaluation.drills.damage.noise import (
    NOISE_SNR_DB,
    add_clicks,
    add_hum,
    add_noise,
    noise_after,
    noise_before,
    noise_between,
)

SPEECH = buzz([120, 140, 130, 150])
WORD_DB = power_db(SPEECH[:9600])


def test_noise_has_the_stated_level_and_is_the_same_for_the_same_wave() -> None:
    wave = tone(200)
    noisy = add_noise(wave)
    assert power_db(noisy - wave) - power_db(wave) == pytest.approx(-NOISE_SNR_DB, abs=0.2)
    assert (add_noise(wave) == noisy).all()
    assert not (add_noise(tone(201)) - tone(201) == noisy - wave).all()
    assert (noisy.dtype, np.abs(noisy).max() <= 1) == (np.float32, True)


def test_noise_before_and_after_leaves_the_sentence_as_it_is() -> None:
    before, after = noise_before(SPEECH), noise_after(SPEECH)
    assert (before[32_000:] == SPEECH).all()
    assert (after[: len(SPEECH)] == SPEECH).all()
    for noise in (before[:32_000], after[len(SPEECH) :]):
        assert len(noise) == 32_000
        assert power_db(noise) - WORD_DB == pytest.approx(-3, abs=0.5)


def test_noise_between_is_in_the_pauses_only() -> None:
    noisy = noise_between(SPEECH)
    pauses = find_pauses(SPEECH)
    assert len(noisy) == len(SPEECH)
    for pause in pauses:
        assert power_db(noisy[pause]) - WORD_DB == pytest.approx(-3, abs=0.5)
        noisy[pause] = 0
    assert (noisy == SPEECH).all()


def test_where_pauses_are_few_three_gaps_are_cut_and_filled() -> None:
    wave = tone(200)
    noisy = noise_between(wave)
    assert len(noisy) - len(wave) == 3 * 3200
    assert find_pauses(noisy) == []
    twice = buzz([120, 140])
    assert len(noise_between(twice)) - len(twice) == 3 * 3200


def test_hum_is_25_db_below_the_speech() -> None:
    wave = tone(1000)
    hum = add_hum(wave) - wave
    assert power_db(hum) - power_db(wave) == pytest.approx(-25, abs=0.3)
    spectrum = np.abs(np.fft.rfft(hum))
    peaks = set(np.argsort(spectrum)[-5:] * 16_000 / len(hum))
    assert peaks == {50.0, 100.0, 150.0, 200.0, 250.0}


def test_there_are_ten_clicks_a_second_and_nothing_else() -> None:
    wave = tone(200)
    hit = np.flatnonzero(np.abs(add_clicks(wave) - wave) > 0.29)
    assert 1 + (np.diff(hit) > 1).sum() == pytest.approx(20, abs=2)
    assert len(hit) <= 60
    assert (add_clicks(wave) == add_clicks(wave)).all()
