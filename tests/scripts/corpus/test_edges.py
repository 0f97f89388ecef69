from __future__ import annotations

import numpy as np

from scripts.corpus.edges import speech_spans
from voxgate.corpus.cutting.spans import Span
from voxgate.types import Wave


def sounding(*parts: tuple[float, float]) -> Wave:
    """Return noise: pairs of (seconds, level)."""
    draw = np.random.default_rng(3)
    waves = [draw.standard_normal(round(16_000 * seconds)) * level for seconds, level in parts]
    return np.concatenate(waves).astype(np.float32)


def test_speech_is_found_to_the_frame_and_its_silence_is_left_out() -> None:
    wave = sounding((0.3, 1e-4), (1.2, 0.1), (0.5, 1e-4), (0.8, 0.1), (0.2, 1e-4))
    assert speech_spans(wave) == (Span(4800, 24_000), Span(32_000, 44_800))


def test_a_pause_of_less_than_150_ms_belongs_to_the_speech() -> None:
    assert len(speech_spans(sounding((0.5, 0.1), (0.14, 1e-4), (0.5, 0.1)))) == 1
    assert len(speech_spans(sounding((0.5, 0.1), (0.16, 1e-4), (0.5, 0.1)))) == 2


def test_a_click_is_no_speech() -> None:
    wave = sounding((0.3, 1e-4), (0.02, 0.1), (0.3, 1e-4), (1.0, 0.1))
    assert speech_spans(wave) == (Span(9920, 25_920),)


def test_a_noisy_floor_is_no_speech() -> None:
    wave = sounding((0.5, 0.002), (1.0, 0.1), (0.5, 0.002))
    assert speech_spans(wave) == (Span(8000, 24_000),)


def test_speech_without_any_silence_is_speech_throughout() -> None:
    assert speech_spans(sounding((2.0, 0.1))) == (Span(0, 32_000),)


def test_there_is_no_speech_in_silence() -> None:
    assert speech_spans(sounding((2.0, 1e-4))) == ()
    assert speech_spans(np.zeros(100, np.float32)) == ()
