from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.cleaning.cleaning import STEPS, clean_clip
from voxgate.errors import ConfigError


def test_nothing_asked_for_is_nothing_done() -> None:
    speech = make_speech(2)
    found = clean_clip(speech, RATE, [])
    assert found.wave is speech
    assert (found.steps, found.changed) == ((), False)


def test_each_step_says_what_it_did_in_the_fixed_order() -> None:
    wave = make_speech(2) * 0.5 + 0.05
    wave[9000] += 0.4
    found = clean_clip(wave.astype(np.float32), RATE, ["hum", "clicks", "dc"])
    assert [done.step for done in found.steps] == ["dc", "clicks", "hum"]
    assert [done.changed for done in found.steps] == [True, True, False]
    assert [done.detail for done in found.steps] == ["offset taken out", "1 clicks", "no hum"]
    assert found.steps[0].removed_db is not None
    assert found.changed


def test_the_original_is_not_touched() -> None:
    wave = make_speech(2) * 0.5
    wave[9000] += 0.4
    kept = wave.copy()
    assert clean_clip(wave, RATE, ["clicks"]).changed
    assert np.array_equal(wave, kept)


def test_a_step_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(ConfigError, match="no step 'reverb'; there are dc, clicks, hum, noise"):
        clean_clip(make_speech(2), RATE, [*STEPS, "reverb"])  # type: ignore[list-item]
