from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, pitch_of, tone
from voxgate.evaluation.drills.damage.stretching import stretch


@pytest.mark.parametrize("speed", [0.7, 1.2, 1.5])
def test_the_tempo_changes_and_the_pitch_does_not(speed: float) -> None:
    stretched = stretch(tone(200), lambda _share: speed)
    assert len(stretched) == pytest.approx(32_000 / speed, rel=0.02)
    assert pitch_of(stretched) == pytest.approx(200, rel=0.01)
    assert stretched.dtype == np.float32


def test_a_tempo_of_one_changes_nothing_that_can_be_heard() -> None:
    wave = buzz([120, 150])
    same = stretch(wave, lambda _share: 1.0)[: len(wave)]
    assert np.abs(same - wave)[240:-480].max() < 1e-3


def test_what_is_shorter_than_a_piece_stays() -> None:
    wave = tone(200)[:300]
    assert stretch(wave, lambda _share: 1.2) is wave
