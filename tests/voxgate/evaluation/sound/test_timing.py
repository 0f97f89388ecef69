from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.syllables import Utterance, hiss, say
from voxgate.evaluation.sound.spans import Spans, find_spans
from voxgate.evaluation.sound.timing import (
    FLOOR_DB,
    background_db,
    outside_db,
    pace,
    pitch_range_st,
    timing,
)

SILENCE = np.zeros(32_000, np.float32)
NONE = SILENCE[:0]
SPEECH_RMS = float(np.sqrt(np.mean(say().wave ** 2)))


def spans_of(said: Utterance) -> Spans:
    found = find_spans(said.wave, said.words)
    assert found is not None
    return found


def below_speech(decibels: float, seconds: float = 2.0) -> np.ndarray:
    return hiss(seconds, SPEECH_RMS * 10 ** (-decibels / 20))


def test_time_before_after_and_between_is_measured() -> None:
    said = say(pauses=[SILENCE[:8_000], SILENCE[:14_400]]).between(SILENCE[:4_800], SILENCE)
    found = timing(spans_of(said), len(said.wave) / 16_000)
    assert found["head_s"] == pytest.approx(0.3, abs=0.05)
    assert found["tail_s"] == pytest.approx(2.0, abs=0.05)
    assert found["pause_s"] == pytest.approx(0.9, abs=0.05)


def test_speech_without_a_pause_has_one_of_length_0() -> None:
    assert timing(spans_of(say([200] * 4)), 1.2)["pause_s"] == 0.0


@pytest.mark.parametrize(
    "said",
    [
        say().between(NONE, below_speech(3)),
        say().between(below_speech(3), NONE),
        say(pauses=[below_speech(3, 0.8)]),
    ],
    ids=["after", "before", "between"],
)
def test_noise_outside_the_words_is_heard_at_its_level(said: Utterance) -> None:
    assert outside_db(spans_of(said)) == pytest.approx(-3, abs=2)


def test_silence_outside_the_words_is_the_floor() -> None:
    assert outside_db(spans_of(say().between(SILENCE, SILENCE))) == FLOOR_DB


def test_hum_is_the_background_and_a_clean_pause_has_none() -> None:
    said = say(pauses=[SILENCE[:9_600]] * 3)
    hum = (
        SPEECH_RMS * 10 ** (-25 / 20) * 1.414 * np.sin(2 * np.pi * 50 / 16_000 * np.arange(99_999))
    )
    humming = Utterance((said.wave + hum[: len(said.wave)]).astype(np.float32), said.words)
    assert background_db(spans_of(said)) == FLOOR_DB
    assert background_db(spans_of(humming)) == pytest.approx(-25, abs=2)


def test_pace_grows_with_speed_and_not_with_pauses() -> None:
    usual = pace(spans_of(say()), "x" * 24)
    assert usual == pytest.approx(10, rel=0.05)
    assert pace(spans_of(say(rate=1.25)), "x" * 24) == pytest.approx(12.5, rel=0.05)
    paused = say(pauses=[SILENCE[:12_800]] * 4)
    assert pace(
        spans_of(paused),
        "x" * 24,
    ) == pytest.approx(usual, rel=0.05)


def test_pace_counts_letters_and_digits_only() -> None:
    spans = spans_of(say())
    assert pace(spans, "a b, c - 1!") == pytest.approx(pace(spans, "abc1"))


def test_a_monotone_has_no_range_of_pitch() -> None:
    assert pitch_range_st(spans_of(say([150] * 8))) < 0.2
    assert pitch_range_st(spans_of(say([100, 141, 200, 141] * 2))) == pytest.approx(12, abs=0.5)


def test_a_whisper_has_a_range_of_0() -> None:
    assert pitch_range_st(spans_of(Utterance(hiss(2.4, 0.1), say().words))) == 0.0
