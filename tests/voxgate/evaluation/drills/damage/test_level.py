from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import power_db, tone
from voxgate.evaluation.drills.damage.level import (
    add_offset,
    fade_out,
    jump_level,
    overdrive,
    quieten,
)

WAVE = tone(200, seconds=2.8)


def test_a_quiet_voice_is_20_db_lower() -> None:
    assert power_db(quieten(WAVE)) - power_db(WAVE) == pytest.approx(-20, abs=0.01)


def test_a_loud_voice_is_clipped() -> None:
    loud = overdrive(WAVE)
    assert np.abs(loud).max() == 1
    assert np.mean(np.abs(loud) == 1) > 0.3
    assert overdrive(WAVE / 100) == pytest.approx(WAVE / 100 * 10**0.9, rel=1e-5)


def test_every_second_stretch_is_lower() -> None:
    levels = [power_db(part) for part in np.split(jump_level(WAVE), 4)]
    assert np.diff(levels) == pytest.approx([-12, 12, -12], abs=0.1)


def test_the_end_fades() -> None:
    faded = np.split(fade_out(WAVE), 7)
    falls = np.diff([power_db(part) for part in faded])
    assert falls == pytest.approx([-30 / 7] * 6, abs=0.2)


def test_an_offset_moves_the_mean() -> None:
    assert add_offset(WAVE) - WAVE == pytest.approx(0.05, abs=1e-6)
