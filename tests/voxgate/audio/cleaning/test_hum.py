from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.cleaning.hum import notch_hum
from voxgate.corpus.validation.hum import find_hum


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_is_gone_and_speech_stays_in_its_place(mains_hz: int) -> None:
    speech = make_speech(3)
    time_s = np.arange(len(speech)) / RATE
    hum = sum(0.004 / k * np.sin(2 * np.pi * mains_hz * k * time_s) for k in (1, 2, 3))
    heard = (speech + hum).astype(np.float32)
    assert find_hum(heard, RATE) == mains_hz
    cleaned = notch_hum(heard, RATE, mains_hz)
    assert (cleaned.dtype, len(cleaned)) == (np.float32, len(heard))
    assert find_hum(cleaned, RATE) is None
    assert float(np.corrcoef(cleaned, speech)[0, 1]) > 0.99


def test_a_clip_shorter_than_a_notch_rings_is_no_fault() -> None:
    assert len(notch_hum(np.zeros(100, np.float32), RATE, 50)) == 100
