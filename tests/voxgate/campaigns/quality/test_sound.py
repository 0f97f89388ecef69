from __future__ import annotations

import numpy as np

from voxgate.campaigns.quality.sound import measure_sound, without_pause
from voxgate.serving.requests import SpokenSentence

RATE = 16_000


def spoken(*parts: np.ndarray, place: int = 0, stopped_by_limit: bool = False) -> SpokenSentence:
    wave = np.concatenate(parts) if parts else np.zeros(0)
    return SpokenSentence(
        place=place,
        pcm=np.round(np.clip(wave, -1, 1) * 32767).astype(np.int16),
        sample_rate_hz=RATE,
        stopped_by_limit=stopped_by_limit,
    )


def tone(seconds: float, gain: float = 0.3) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return gain * np.sin(2 * np.pi * 200 * at)


def still(seconds: float) -> np.ndarray:
    """Nearly silent: digital silence has no level to compare with."""
    return 1e-4 * np.random.default_rng(0).standard_normal(round(seconds * RATE))


def test_a_sentence_with_sound_has_no_fault_and_every_figure() -> None:
    sound = measure_sound(spoken(still(0.1), tone(2.0), still(0.2)), phones=20)
    assert sound.faults == ()
    assert sound.duration_s == 2.3
    assert abs(sound.figures["phone_s"] - 0.1) < 0.005
    assert abs(sound.figures["leading_s"] - 0.1) < 0.03
    assert abs(sound.figures["trailing_s"] - 0.2) < 0.03
    assert sound.figures["clipped"] == 0


def test_silence_in_the_middle_is_a_pause() -> None:
    whole = measure_sound(spoken(tone(2.0), still(0.1)), phones=20)
    broken = measure_sound(spoken(tone(1.0), still(0.8), tone(1.0), still(0.1)), phones=20)
    assert whole.figures["pause_s"] < 0.05
    assert abs(broken.figures["pause_s"] - 0.8) < 0.05


def test_noise_lifts_the_floor_and_a_cut_ends_loudly() -> None:
    parts = [tone(0.5), still(0.5), tone(0.5), still(0.1)]
    clean = spoken(*parts)
    noise = 0.05 * np.random.default_rng(1).standard_normal(len(clean.pcm))
    noisy = spoken(np.concatenate(parts) + noise)
    assert measure_sound(clean, phones=9).figures["floor_db"] < -50
    assert measure_sound(noisy, phones=9).figures["floor_db"] > -20
    assert measure_sound(clean, phones=9).figures["end_db"] < -40
    assert measure_sound(spoken(*parts[:-1]), phones=9).figures["end_db"] > -3


def test_samples_at_full_scale_are_counted() -> None:
    assert measure_sound(spoken(tone(1.0, gain=3.0)), phones=9).figures["clipped"] > 0.1


def test_what_needs_no_limit_is_named() -> None:
    assert measure_sound(spoken(), phones=9).faults == ("empty",)
    assert measure_sound(spoken(np.zeros(RATE)), phones=9).faults == ("silent",)
    assert measure_sound(spoken(tone(0.2)), phones=9).faults == ("too_short",)
    assert measure_sound(spoken(tone(31.0)), phones=9).faults == ("too_long",)
    limited = measure_sound(spoken(tone(1.0), stopped_by_limit=True), phones=9)
    assert limited.faults == ("stopped_by_limit",)


def test_the_pause_before_a_later_sentence_is_not_its_silence() -> None:
    later = spoken(np.zeros(RATE), tone(1.0), place=2)
    assert measure_sound(later, phones=9).figures["leading_s"] < 0.02
    first = spoken(np.zeros(RATE), tone(1.0), place=0)
    assert measure_sound(first, phones=9).figures["leading_s"] > 0.9
    assert len(without_pause(spoken(np.zeros(RATE), place=2)).pcm) == RATE
