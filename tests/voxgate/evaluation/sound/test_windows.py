from __future__ import annotations

import numpy as np

from tests.fakes.syllables import say
from voxgate.evaluation.sound.spans import find_spans
from voxgate.evaluation.sound.windows import speech_windows

SILENCE = np.zeros(32_000, np.float32)
SIZE = 25_600


def test_windows_cover_speech_to_its_end_and_nothing_around_it() -> None:
    said = say([150.0] * 14).between(SILENCE, SILENCE)
    windows = speech_windows(said.wave, find_spans(said.wave, said.words))
    assert {len(window) for window in windows} == {SIZE}
    assert len(windows) == 5
    assert all(np.mean(window != 0) > 0.9 for window in windows)


def test_windows_of_a_long_pause_are_left_out() -> None:
    said = say([150.0] * 12, pauses=[SILENCE[:0]] * 5 + [SILENCE])
    windows = speech_windows(said.wave, find_spans(said.wave, said.words))
    assert all(np.mean(window != 0) >= 0.45 for window in windows)


def test_short_speech_is_one_window() -> None:
    said = say([150.0] * 2)
    assert len(speech_windows(said.wave, find_spans(said.wave, said.words))) == 1
    padded = said.between(SILENCE, SILENCE)
    (window,) = speech_windows(padded.wave, find_spans(padded.wave, padded.words))
    assert len(window) == SIZE
    assert np.any(window)


def test_without_words_every_audible_part_is_heard() -> None:
    said = say([150.0] * 10).between(SILENCE, SILENCE)
    windows = speech_windows(said.wave, None)
    assert windows
    assert all(np.any(window) for window in windows)
