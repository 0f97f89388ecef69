from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.syllables import hiss, say
from voxgate.evaluation.sound.pitch import track_pitch


@pytest.mark.parametrize("pitch_hz", [80.0, 140.0, 235.0, 380.0])
def test_the_pitch_is_the_fundamental_and_no_multiple_of_its_period(pitch_hz: float) -> None:
    pitch = track_pitch(say([pitch_hz] * 3).wave, 80)
    assert pitch.voiced.mean() > 0.8
    assert np.median(pitch.f0_hz[pitch.voiced]) == pytest.approx(pitch_hz, rel=0.02)


def test_noise_and_silence_have_no_pitch() -> None:
    assert track_pitch(hiss(2.0, 0.1), 180).voiced.mean() < 0.02
    assert not track_pitch(np.zeros(16_000, np.float32), 90).voiced.any()
