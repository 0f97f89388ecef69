"""Mains hum is told from other noise."""

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.corpus.validation.hum import find_hum

SPEECH = make_speech(1, 3.0)
TIME_S = np.arange(len(SPEECH)) / RATE


def waves(hz, *gains):
    return sum(g * np.sin(2 * np.pi * hz * (k + 1) * TIME_S) for k, g in enumerate(gains))


@pytest.mark.parametrize("mains", [50, 60])
@pytest.mark.parametrize("level", [0.003, 0.03, 0.3])
@pytest.mark.parametrize("gains", [(1,), (0, 1), (1, 0.5, 0.4, 0.3)])
def test_hum_under_speech_is_named_with_its_frequency(mains, level, gains):
    assert find_hum(SPEECH + level * waves(mains, *gains), RATE) == mains


@pytest.mark.parametrize("seed", range(8))
def test_speech_does_not_hum(seed):
    assert find_hum(make_speech(seed, 3.0), RATE) is None


def test_hiss_tones_silence_and_short_clips_do_not_hum():
    hiss = np.random.default_rng(0).standard_normal(len(SPEECH))
    for wave in (SPEECH + 0.01 * hiss, waves(440, 1), waves(1000, 1), 0 * SPEECH, SPEECH[:8_000]):
        assert find_hum(wave, RATE) is None
