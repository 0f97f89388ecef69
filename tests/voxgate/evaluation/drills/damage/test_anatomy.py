from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, power_db, tone
from voxgate.evaluation.drills.damage.anatomy import (
    find_pauses,
    generator_of,
    quiet_point,
    speech_power,
)

SPEECH = buzz([120, 140, 130], word_s=0.6, pause_s=0.2)
SILENCE = np.zeros(16_000, dtype=np.float32)


def test_pauses_are_between_words_and_never_at_the_edges() -> None:
    around = np.concatenate([SILENCE, SPEECH, SILENCE])
    assert find_pauses(SPEECH) == [slice(9600, 12_800), slice(22_400, 25_600)]
    assert [pause.start for pause in find_pauses(around)] == [25_600, 38_400]
    assert find_pauses(tone(200)) == find_pauses(SILENCE) == find_pauses(SILENCE[:10]) == []


def test_the_power_of_speech_does_not_know_how_much_silence_is_around() -> None:
    alone = speech_power(SPEECH)
    assert speech_power(np.concatenate([SILENCE, SPEECH, SILENCE])) == pytest.approx(
        alone, rel=0.02
    )
    assert 10 * np.log10(alone) == pytest.approx(power_db(buzz([120])), abs=0.5)
    assert speech_power(SILENCE) == speech_power(SILENCE[:10]) == 0


def test_a_quiet_point_is_in_the_nearest_pause() -> None:
    first, second = find_pauses(SPEECH)
    assert first.start < quiet_point(SPEECH, 1 / 3) < first.stop
    assert second.start < quiet_point(SPEECH, 2 / 3) < second.stop
    assert quiet_point(SPEECH[:100], 0.5) == 50


def test_a_wave_always_draws_the_same_numbers_and_another_wave_others() -> None:
    numbers = generator_of(SPEECH).random(4)
    assert (generator_of(SPEECH.copy()).random(4) == numbers).all()
    assert not (generator_of(SPEECH[:-1]).random(4) == numbers).any()
