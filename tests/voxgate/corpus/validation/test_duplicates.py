"""Fingerprints tell copies from other recordings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.corpus.validation import duplicates
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


def plain_pairs(prints, durations_s, *, min_correlation, max_stretch=0.02):
    """Compare each with each: what `near_audio` must agree with."""
    matrix = np.array(prints, dtype=np.float64)
    pairs = zip(*np.nonzero(matrix @ matrix.T >= np.float32(min_correlation)), strict=True)
    return [
        (int(i), int(j))
        for i, j in pairs
        if i < j
        and abs(durations_s[i] - durations_s[j])
        <= max_stretch * max(durations_s[i], durations_s[j])
    ]


def copies(seed, count, originals):
    """Pictures near one of a few, at all distances around the bound, and lengths near a few."""
    random = np.random.default_rng(seed)
    sounds = random.standard_normal((originals, 640))
    near = random.uniform(0.0, 0.5, (count, 1)) * random.standard_normal((count, 640))
    pictures = sounds[random.integers(originals, size=count)] + near
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    lengths = random.choice([1.0, 1.5, 1.53, 4.0], count) * random.uniform(0.985, 1.015, count)
    return list(pictures.astype(np.float32)), lengths.round(2).tolist()


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 90),
    originals=st.integers(1, 6),
    rows=st.sampled_from([1, 7, 512]),
    columns=st.sampled_from([1, 5, 2048]),
    max_stretch=st.sampled_from([0.0, 0.02, 0.3, 1.0]),
)
def test_the_pairs_are_those_of_comparing_each_with_each(
    seed, count, originals, rows, columns, max_stretch
):
    prints, lengths = copies(seed, count, originals)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "_ROWS", rows)
        patch.setattr(duplicates, "_COLUMNS", columns)
        found = near_audio(prints, lengths, min_correlation=0.9, max_stretch=max_stretch)
    wanted = plain_pairs(prints, lengths, min_correlation=0.9, max_stretch=max_stretch)
    assert found == wanted


def test_a_pair_at_the_bound_is_one_whatever_the_blocks(monkeypatch):
    prints, _ = copies(0, 3, 1)
    exact = float(np.sum(prints[0].astype(float) * prints[2].astype(float)))
    bound = np.nextafter(np.float32(exact), np.float32(0))
    for rows in (1, 2, 3):
        monkeypatch.setattr(duplicates, "_ROWS", rows)
        assert (0, 2) in near_audio(prints, [1.0, 1.0, 1.0], min_correlation=float(bound))


def test_clips_of_other_lengths_are_not_even_multiplied(monkeypatch):
    products = []

    def count(pictures, others, bound):
        products.append(len(pictures) * len(others))
        return alike(pictures, others, bound)

    alike = duplicates._alike
    monkeypatch.setattr(duplicates, "_alike", count)
    monkeypatch.setattr(duplicates, "_ROWS", 16)
    prints, _ = copies(1, 1000, 5)
    near_audio(prints, np.linspace(1.0, 2.5, 1000).tolist(), min_correlation=0.97)
    assert sum(products) < 0.04 * 1000**2
