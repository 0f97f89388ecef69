from __future__ import annotations

import pickle

import numpy as np

from tests.fakes.voice import ToneVoice
from voxgate.evaluation.spoken import Line, speak_line
from voxgate.types import Speech

LINE = Line(text="The line is open", seed=7, limit_s=3.0)


class Ticking:
    """A clock that only speaking moves, and a voice that takes 2 s."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def speak(self, text: str, *, seed: int) -> Speech:
        self.now_s += 2.0
        return ToneVoice().speak(text, seed=seed)

    sample_rate_hz = 16_000


def test_the_time_is_that_of_speaking_alone() -> None:
    clock = Ticking()
    assert speak_line(clock, LINE, clock=clock).synthesis_s == 2.0


def test_what_stops_a_voice_is_the_fault_of_the_sample() -> None:
    spoken = speak_line(ToneVoice(refuses={LINE.text}), LINE)
    assert spoken.fault == "voice: VoiceError: told not to speak 'The line is open'"
    assert len(spoken.pcm) == 0


def test_what_travels_is_16_bit_audio_of_the_judged_length() -> None:
    line = Line(text=LINE.text, seed=7, limit_s=0.75)
    spoken = pickle.loads(pickle.dumps(speak_line(ToneVoice(), line)))
    assert spoken.pcm.dtype == np.int16
    assert len(spoken.pcm) == 12_000
    assert spoken.codes == ("endless_audio",)
    assert len(pickle.dumps(spoken)) < 25_000
