"""One recipe, one result: level, rate, silence, length, and a digest of its constants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.speaker_profiles import speak_like
from voxgate.audio.resampling import resample
from voxgate.audio.shards import from_pcm16
from voxgate.speakers.recipe import REFERENCE_1, active_level_dbfs, prepare_recording

RATE = REFERENCE_1.sample_rate_hz


@pytest.mark.parametrize("gain", [0.1, 1.0, 4.0])
def test_any_level_becomes_the_recipes(gain: float) -> None:
    made = prepare_recording((gain * speak_like())[:, None], RATE)
    level = active_level_dbfs(from_pcm16(made.pcm), RATE)
    assert level == pytest.approx(REFERENCE_1.active_level_dbfs, abs=0.05)


def test_peaks_bound_the_gain() -> None:
    wave = speak_like() * 0.1
    wave[20_000] = 0.9
    made = prepare_recording(wave[:, None], RATE)
    assert any("bounded by its peaks" in action for action in made.actions)
    assert np.abs(from_pcm16(made.pcm)).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)


def test_channels_rate_offset_and_silence_are_brought_to_the_standard() -> None:
    wave = resample(speak_like(), RATE, 48_000)
    quiet = np.zeros(48_000, np.float32)
    wave = np.concatenate([quiet, wave, quiet]) + np.float32(0.05)
    made = prepare_recording(np.stack([wave, wave], axis=1), 48_000)
    plain = prepare_recording(speak_like()[:, None], RATE)
    assert made.sample_rate_hz == RATE
    assert made.duration_s == pytest.approx(plain.duration_s, abs=0.5)
    assert abs(float(from_pcm16(made.pcm).mean())) < 1e-3
    words = " ".join(made.actions)
    for part in ("offset was removed", "one channel made of 2", "resampled from 48000", "silence"):
        assert part in words
    assert not made.cut


def test_a_long_recording_is_cut_at_a_pause_and_says_so() -> None:
    made = prepare_recording(speak_like(times=6)[:, None], RATE)
    assert made.cut
    assert 5.0 <= made.duration_s <= 10.0
    assert len(made.whole) / RATE > 15.0


@pytest.mark.parametrize("samples", [np.zeros(48_000), np.zeros(200_000), np.zeros(10)])
def test_silence_passes_through_for_the_checks_to_name(samples: np.ndarray) -> None:
    made = prepare_recording(samples.astype(np.float32)[:, None], RATE)
    assert not made.pcm.any()


def test_the_same_samples_give_the_same_pcm_and_are_left_alone() -> None:
    samples = (speak_like() + np.float32(0.1))[:, None]
    before = samples.copy()
    first, second = prepare_recording(samples, RATE), prepare_recording(samples, RATE)
    assert (first.pcm == second.pcm).all()
    assert (samples == before).all()


def test_the_digest_covers_every_constant() -> None:
    changed = [
        replace(REFERENCE_1, **{name: value + 1 if name != "name" else "reference-2"})
        for name, value in vars(REFERENCE_1).items()
    ]
    digests = {REFERENCE_1.digest, *(recipe.digest for recipe in changed)}
    assert len(digests) == 1 + len(vars(REFERENCE_1))


def test_the_shipped_recipe_never_changes_under_its_name() -> None:
    # A change of a constant is a new recipe: profiles of this one are compared by its digest.
    assert REFERENCE_1.name == "reference-1"
    assert REFERENCE_1.digest == "7b3a1e3e248f69f208dffd999a90ab866211666544cb0f6ca0f5149b47795ba4"
