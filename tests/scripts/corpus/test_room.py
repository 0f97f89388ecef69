from __future__ import annotations

import numpy as np
import pytest

from scripts.corpus.room import Room, add_room

RMS = 0.1


def add(room: Room) -> np.ndarray:
    wave = np.zeros(160_000, np.float32)
    wave[80_000] = 0.5
    return add_room(wave, room, speech_rms=RMS, seed=1)


def level_db(wave: np.ndarray) -> float:
    return float(10 * np.log10((wave.astype(np.float64) ** 2).mean()))


def test_no_pause_is_wholly_silent() -> None:
    assert level_db(add(Room())[:80_000]) == pytest.approx(-66, abs=1)


@pytest.mark.parametrize("room", [Room(noise_db=20), Room(music_db=20)])
def test_noise_and_music_are_as_far_below_the_speech_as_was_asked_for(room: Room) -> None:
    assert level_db(add(room)[:80_000]) == pytest.approx(-40, abs=1.5)


def test_an_echo_comes_after_the_sound_and_not_before() -> None:
    dry, wet = add(Room()), add(Room(reverb=True))
    assert level_db(wet[:80_000]) == pytest.approx(level_db(dry[:80_000]), abs=0.1)
    assert level_db(wet[80_100:82_000]) > level_db(dry[80_100:82_000]) + 10
    assert wet[80_000] == pytest.approx(0.5, abs=0.01)


def test_what_would_clip_is_made_quieter() -> None:
    loud = add_room(np.ones(16_000, np.float32), Room(noise_db=0), speech_rms=0.5, seed=1)
    assert np.abs(loud).max() <= 1
