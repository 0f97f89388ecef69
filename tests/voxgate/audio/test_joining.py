import numpy as np
import pytest

from voxgate.audio.joining import crossfade, join_with_pauses


def test_pauses_stand_between_waves_only():
    joined = join_with_pauses([np.ones(2, np.float32), np.ones(1, np.float32)], pause_samples=3)
    assert joined.tolist() == [1, 1, 0, 0, 0, 1]
    assert joined.dtype == np.float32


def test_nothing_joins_to_nothing():
    assert len(join_with_pauses([], pause_samples=3)) == 0


def test_a_crossfade_of_equal_waves_changes_nothing():
    wave = np.linspace(-1, 1, 50, dtype=np.float32)
    assert crossfade(wave[:20], wave) == pytest.approx(wave, abs=1e-7)


def test_a_crossfade_goes_from_the_tail_to_the_wave():
    joined = crossfade(np.ones(4, np.float32), np.zeros(6, np.float32))
    assert joined.tolist() == [0.875, 0.625, 0.375, 0.125, 0, 0]
