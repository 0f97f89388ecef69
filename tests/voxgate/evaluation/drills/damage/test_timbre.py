from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, power_db, tone
from voxgate.evaluation.drills.damage.anatomy import speech_power
from voxgate.evaluation.drills.damage.timbre import (
    add_echo,
    limit_band,
    quantise_coarsely,
    reverberate,
)

SPEECH = buzz([120, 140])


def test_nothing_above_the_band_is_left() -> None:
    assert power_db(limit_band(tone(1000))) == pytest.approx(power_db(tone(1000)), abs=0.2)
    assert power_db(limit_band(tone(4500))[1600:]) < power_db(tone(4500)) - 30


def test_a_room_rings_on_and_keeps_the_level() -> None:
    wet = reverberate(SPEECH)
    ringing = wet[len(SPEECH) :]
    assert len(ringing) == 9599
    falls = [power_db(ringing[start : start + 1600]) for start in (0, 1600, 3200, 4800)]
    assert np.diff(falls) == pytest.approx([-10] * 3, abs=5)
    assert speech_power(wet) == pytest.approx(speech_power(SPEECH), rel=0.3)
    assert (reverberate(SPEECH) == wet).all()


def test_an_echo_comes_twice() -> None:
    click = np.zeros(16_000, dtype=np.float32)
    click[1000] = 0.5
    heard = add_echo(click)
    assert np.flatnonzero(heard).tolist() == [1000, 1000 + 2880, 1000 + 5760]
    assert heard[3880] / heard[1000] == pytest.approx(0.5)
    assert heard[6760] / heard[1000] == pytest.approx(0.25)


def test_coarse_codes_have_32_steps_and_noise_20_db_below() -> None:
    wave = tone(201)
    coarse = quantise_coarsely(wave)
    assert len(np.unique(quantise_coarsely(np.linspace(-1, 1, 9999, dtype=np.float32)))) == 33
    assert power_db(coarse - wave) - power_db(wave) == pytest.approx(-20, abs=3)
