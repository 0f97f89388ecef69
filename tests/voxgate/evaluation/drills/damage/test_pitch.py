from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.speech import buzz, pitch_of, power_db, tone
from voxgate.evaluation.drills.damage.pitch import flatten_pitch, mistake_rate, shift_pitch
from voxgate.types import Wave


def period_of(wave: Wave) -> float:
    """Return the pitch from the autocorrelation, which harmonics do not mislead."""
    correlation = np.correlate(wave, wave, mode="full")[len(wave) - 1 :]
    return 16_000 / (60 + int(np.argmax(correlation[60:200])))


def test_a_shifted_pitch_is_two_semitones_higher_and_as_long() -> None:
    shifted = shift_pitch(tone(200))
    assert pitch_of(shifted) == pytest.approx(200 * 2 ** (2 / 12), rel=0.01)
    assert (len(shifted), shifted.dtype) == (32_000, np.float32)


def test_a_mistaken_rate_is_higher_and_shorter() -> None:
    wrong = mistake_rate(tone(200))
    assert len(wrong) == 32_000 * 441 // 480
    assert pitch_of(wrong) == pytest.approx(200 * 480 / 441, rel=0.01)


def test_all_words_come_to_one_note_and_keep_their_places_and_level() -> None:
    wave = buzz([110, 140, 175], word_s=0.6, pause_s=0.2)
    flat = flatten_pitch(wave)
    assert (len(flat), flat.dtype) == (len(wave), np.float32)
    words = [slice(start + 1600, start + 8000) for start in (0, 12_800, 25_600)]
    assert [period_of(wave[word]) for word in words] == pytest.approx([110, 140, 175], rel=0.02)
    assert [period_of(flat[word]) for word in words] == pytest.approx([140] * 3, rel=0.02)
    for word in words:
        assert power_db(flat[word]) == pytest.approx(power_db(wave[word]), abs=2.5)


def test_what_has_no_pitch_stays() -> None:
    hiss = np.random.default_rng(3).normal(0, 0.1, 16_000).astype(np.float32)
    assert np.corrcoef(flatten_pitch(hiss), hiss)[0, 1] > 0.9
    short = tone(200)[:500]
    assert flatten_pitch(short) is short
