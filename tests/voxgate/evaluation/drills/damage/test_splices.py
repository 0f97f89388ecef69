from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, pitch_of
from voxgate.evaluation.drills.damage.anatomy import speech_power
from voxgate.evaluation.drills.damage.splices import append, prepend, replace_middle

OWN = buzz([120, 120, 120])
OTHER = buzz([200, 200, 200], word_s=0.8) / 4


def test_the_middle_is_the_others_at_the_level_of_the_own() -> None:
    mixed = replace_middle(OWN, OTHER)
    thirds = mixed[3200:8000], mixed[16_000:22_400], mixed[-8000:-3200]
    assert [pitch_of(part) for part in thirds] == pytest.approx([120, 200, 120], rel=0.02)
    assert speech_power(thirds[1]) == pytest.approx(speech_power(thirds[0]), rel=0.1)


def test_the_other_comes_before_or_after() -> None:
    assert len(append(OWN, OTHER)) == len(prepend(OWN, OTHER)) == len(OWN) + len(OTHER)
    inside = slice(200, len(OWN) - 200)
    assert (append(OWN, OTHER)[inside] == OWN[inside]).all()
    assert (prepend(OWN, OTHER)[len(OTHER) :][inside] == OWN[inside]).all()


def test_joints_do_not_click() -> None:
    loud = np.full(16_000, 0.5, dtype=np.float32)
    assert np.abs(np.diff(append(loud, -loud))).max() < 0.01
    assert append(loud, np.zeros(100, dtype=np.float32))[-100:].tolist() == [0.0] * 100
