from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.syllables import Utterance, hiss, say
from voxgate.evaluation.sound.spans import find_spans

LEVEL = 0.1
SILENCE = np.zeros(32_000, np.float32)
NOISE = hiss(2.0, LEVEL)


@pytest.mark.parametrize("around", [SILENCE, NOISE], ids=["silence", "noise"])
def test_speech_is_found_between_silence_and_between_noise(around: np.ndarray) -> None:
    said = say().between(around, around)
    spans = find_spans(said.wave, said.words)
    assert spans is not None
    assert spans.start_s == pytest.approx(2.0, abs=0.25)
    assert spans.end_s == pytest.approx(2.0 + 2.4, abs=0.25)


def test_a_first_word_that_reaches_back_to_the_start_does_not_hide_what_is_before_it() -> None:
    said = say().between(NOISE, SILENCE)
    first, *others = said.words
    reaching = type(first)(word=first.word, start_s=0.0, end_s=first.end_s, probability=0.9)
    spans = find_spans(said.wave, (reaching, *others))
    assert spans is not None
    assert spans.start_s > 1.5


@pytest.mark.parametrize("pause", [SILENCE[:9600], NOISE[:16_000]], ids=["silent", "noisy"])
def test_a_pause_is_a_pause_whatever_fills_it(pause: np.ndarray) -> None:
    said = say(pauses=[pause])
    spans = find_spans(said.wave, said.words)
    assert spans is not None
    assert spans.pauses_s().max() == pytest.approx(0.6, abs=0.1)


def test_a_whisper_has_no_pitch_and_is_speech_all_the_same() -> None:
    words = say().words
    said = Utterance(hiss(2.4, LEVEL), words).between(SILENCE, SILENCE)
    spans = find_spans(said.wave, said.words)
    assert spans is not None
    assert spans.start_s == pytest.approx(2.0, abs=0.05)
    assert not spans.pitch.voiced.any()


def test_without_words_or_sound_there_is_no_speech() -> None:
    said = say()
    assert find_spans(said.wave, ()) is None
    assert find_spans(np.zeros(32_000, np.float32), said.words) is None
