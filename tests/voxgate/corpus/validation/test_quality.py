"""Signal figures on audio whose truth is known."""

import numpy as np
import pytest
import soxr

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.corpus.validation.quality import measure_signal


def with_noise(speech, snr_db, seed=0):
    """Mix at a known SNR: mean power of the loud frames over that of the noise."""
    frames = np.lib.stride_tricks.sliding_window_view(speech.astype(np.float64), 400)[::160]
    power = np.mean(frames**2, axis=1)
    noise = np.random.default_rng(seed).standard_normal(len(speech))
    noise *= np.sqrt(power[power > power.max() / 100].mean() / 10 ** (snr_db / 10))
    return (speech + noise).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("snr_db", "tolerance_db"), [(5, 3), (10, 3), (20, 1), (30, 1), (40, 1)])
def test_snr_of_a_known_mixture_is_found(snr_db, tolerance_db, seed):
    speech = make_speech(seed, 4.0)
    measured = measure_signal(with_noise(speech, snr_db), RATE)
    assert measured.snr_db == pytest.approx(snr_db, abs=tolerance_db)


def test_digital_silence_between_words_does_not_make_the_snr_infinite():
    speech = make_speech(1)
    speech[np.abs(speech) < 0.01] = 0.0
    assert 40.0 < measure_signal(speech, RATE).snr_db <= 80.0


def test_bandwidth_of_telephone_speech_is_four_kilohertz():
    narrow = soxr.resample(soxr.resample(make_speech(1), RATE, 8_000), 8_000, RATE)
    assert measure_signal(narrow.astype(np.float32), RATE).bandwidth_hz == pytest.approx(4000, 130)
    assert measure_signal(make_speech(1), RATE).bandwidth_hz > 7_000


def test_hiss_does_not_widen_the_bandwidth():
    narrow = soxr.resample(soxr.resample(make_speech(1), RATE, 8_000), 8_000, RATE)
    noisy = with_noise(narrow.astype(np.float32), 40)
    assert measure_signal(noisy, RATE).bandwidth_hz < 4_500


def test_silence_at_the_ends_is_measured_and_a_click_does_not_end_it():
    wave = make_speech(2, 3.0, edge_s=0.8)
    wave[800] = 0.5
    signal = measure_signal(wave, RATE)
    assert signal.leading_silence_s == pytest.approx(0.8, abs=0.04)
    assert signal.trailing_silence_s == pytest.approx(0.9, abs=0.15)


def test_a_tone_is_tonal_and_noise_is_flat_and_speech_neither():
    tone = 0.3 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE)
    assert measure_signal(tone.astype(np.float32), RATE).tonal_fraction == 1.0
    assert measure_signal(noise.astype(np.float32), RATE).flatness > 0.4
    speech = measure_signal(make_speech(3), RATE)
    assert (speech.tonal_fraction, speech.flatness < 0.1) == (0.0, True)


def test_digital_silence_is_flat_not_an_error():
    assert measure_signal(np.zeros(RATE, dtype=np.float32), RATE).flatness > 0.9


def test_less_than_one_frame_is_refused():
    with pytest.raises(ValueError, match="399 samples are shorter than one frame of 400"):
        measure_signal(np.zeros(399, dtype=np.float32), RATE)


@pytest.mark.parametrize("offset", [0.01, 0.3, -0.3])
def test_an_offset_changes_no_figure(offset):
    speech = make_speech(1)
    plain, moved = (measure_signal(wave, RATE) for wave in (speech, speech + np.float32(offset)))
    assert moved.snr_db == pytest.approx(plain.snr_db, abs=1)
    assert moved.bandwidth_hz == plain.bandwidth_hz
    assert moved.tonal_fraction == plain.tonal_fraction


def test_hum_does_not_narrow_the_bandwidth():
    speech = make_speech(1, 3.0)
    hum = 0.3 * np.sin(2 * np.pi * 50 * np.arange(len(speech)) / RATE)
    assert measure_signal((speech + hum).astype(np.float32), RATE).bandwidth_hz > 6_500
