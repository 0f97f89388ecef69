from __future__ import annotations

import numpy as np

from tests.fakes.ingested_corpus import RATE, make_speech
from voxgate.audio.cleaning.clicks import find_clicks, repair_clicks

AT = (1500, 9000, 20_000)


def test_clicks_are_found_and_drawn_over_and_nothing_else_is_touched() -> None:
    speech = make_speech(5) * 0.5
    clicked = speech.copy()
    clicked[list(AT)] += 0.4
    spans = find_clicks(clicked, RATE)
    assert [any(first <= at < last for first, last in spans) for at in AT] == [True] * 3
    repaired, count = repair_clicks(clicked, RATE)
    assert count == 3
    assert float(np.abs(repaired - speech).max()) < 0.05
    touched = np.flatnonzero(repaired != clicked)
    assert all(min(abs(int(sample) - at) for at in AT) < 8 for sample in touched)


def test_speech_has_no_clicks_and_comes_back_as_it_is() -> None:
    speech = make_speech(5)
    repaired, count = repair_clicks(speech, RATE)
    assert count == 0
    assert repaired is speech


def test_a_click_at_the_edge_and_a_clip_that_is_short_are_no_faults() -> None:
    wave = np.zeros(RATE, np.float32)
    wave[-1] = 0.9
    repair_clicks(wave, RATE)
    assert find_clicks(wave[-10:], RATE) == []
