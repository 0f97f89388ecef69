"""Fingerprints tell copies from other recordings."""

import numpy as np

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.corpus.validation.duplicates import fingerprint, near_audio


def pairs(*waves):
    prints = [fingerprint(wave, RATE) for wave in waves]
    return near_audio(prints, [len(w) / RATE for w in waves], min_correlation=0.97)


def test_a_louder_noisier_copy_is_found():
    wave = make_speech(1)
    noise = 0.0003 * np.random.default_rng(0).standard_normal(len(wave))
    assert pairs(wave, make_speech(2), (1.7 * wave + noise).astype(np.float32)) == [(0, 2)]


def test_a_copy_with_a_few_milliseconds_more_silence_is_found():
    wave = make_speech(1)
    assert pairs(wave, np.concatenate([np.zeros(60, dtype=np.float32), wave])) == [(0, 1)]


def test_other_speech_of_the_same_length_is_no_copy():
    assert pairs(*(make_speech(seed) for seed in range(8))) == []


def test_a_longer_recording_is_no_copy():
    wave = make_speech(1)
    assert pairs(wave, np.concatenate([wave, wave])) == []


def test_no_recordings_have_no_pairs():
    assert near_audio([], [], min_correlation=0.97) == []


def test_a_wave_shorter_than_the_slices_has_a_fingerprint():
    assert np.isfinite(fingerprint(make_speech(1)[:700], RATE)).all()
