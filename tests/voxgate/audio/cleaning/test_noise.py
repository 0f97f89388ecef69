from __future__ import annotations

import numpy as np

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.cleaning.noise import reduce_noise
from voxgate.corpus.validation.quality import measure_signal


def test_steady_noise_is_taken_down_and_the_clip_stays_as_long() -> None:
    random = np.random.default_rng(1)
    speech = make_speech(7, 3.0)
    noisy = (speech + 0.004 * random.standard_normal(len(speech))).astype(np.float32)
    cleaned = reduce_noise(noisy, RATE)
    assert cleaned is not None
    assert len(cleaned) == len(noisy)
    gain_db = measure_signal(cleaned, RATE).snr_db - measure_signal(noisy, RATE).snr_db
    assert gain_db > 5


def test_without_a_pause_there_is_nothing_to_learn_the_noise_from() -> None:
    assert reduce_noise(np.ones(100, np.float32), RATE) is None
    time_s = np.arange(RATE) / RATE
    assert reduce_noise(np.sin(2 * np.pi * 150 * time_s).astype(np.float32), RATE) is None
