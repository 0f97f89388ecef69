from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.voice import ToneVoice
from voxgate.errors import VoiceError
from voxgate.evaluation.drills.voices import (
    Damager,
    Leaker,
    Misreader,
    Mixer,
    Remembering,
    Splicer,
)
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

TEXTS = ["one", "two", "three", "four"]
RECORDED = {
    text: {10 * n + k: noise(10 * n + k, seconds=0.1) for k in range(3)}
    for n, text in enumerate(TEXTS)
}
join: Callable[[Wave, Wave], Wave] = lambda own, other: np.concatenate([own, other])  # noqa: E731


def test_a_voice_that_remembers_is_asked_once() -> None:
    asked = ToneVoice()
    voice = Remembering(asked)
    assert voice.speak("one", seed=1) is voice.speak("one", seed=1)
    voice.speak("one", seed=2)
    assert asked.calls == [("one", 1), ("one", 2)]
    assert voice.sample_rate_hz == 16_000


def test_a_misreader_asks_for_another_text() -> None:
    asked = ToneVoice()
    Misreader(asked, str.upper).speak("one", seed=1)
    assert asked.calls == [("ONE", 1)]


def test_a_damager_spares_two_of_three_samples_when_told_to() -> None:
    def halved(wave: Wave) -> Wave:
        return wave / 2

    voice, plain = Damager(ToneVoice(), halved, sometimes=True), ToneVoice()
    hit = [
        seed
        for seed in range(9)
        if not (voice.speak("one", seed=seed).wave == plain.wave("one", seed)).all()
    ]
    assert hit == [0, 3, 6]
    assert (Damager(plain, halved).speak("one", seed=1).wave == plain.wave("one", 1) / 2).all()


def test_a_mixer_says_what_belongs_to_another_prompt_and_each_prompt_once() -> None:
    mixer = Mixer(ReplayVoice(RECORDED))
    said = {
        text: next(
            other
            for other, takes in RECORDED.items()
            for wave in takes.values()
            if wave is mixer.speak(text, seed=min(RECORDED[text])).wave
        )
        for text in TEXTS
    }
    assert sorted(said.values()) == sorted(TEXTS)
    assert all(text != other for text, other in said.items())


def test_a_mixer_plays_recordings_that_have_no_seeds() -> None:
    alone = {text: takes[min(takes)] for text, takes in RECORDED.items()}
    said = Mixer(ReplayVoice(alone)).speak("one", seed=5).wave
    assert any(said is alone[text] for text in TEXTS if text != "one")


def test_a_splicer_joins_what_both_say_of_the_text_at_16_khz() -> None:
    other = ToneVoice(sample_rate_hz=32_000)
    wave = Splicer(ReplayVoice(RECORDED), other, join).speak("one", seed=1).wave
    assert (wave[:1600] == RECORDED["one"][1]).all()
    assert len(wave) == 1600 + 8000
    assert other.calls == [("one", 1)]
    with pytest.raises(VoiceError, match="no recording"):
        Splicer(ReplayVoice(RECORDED), other, join).speak("five", seed=1)


def test_a_leaker_joins_the_words_in_one_and_the_same_way() -> None:
    voice = ToneVoice()
    leaker = Leaker(ReplayVoice(RECORDED), voice, "by the way", join)
    first, second = (leaker.speak("one", seed=seed).wave for seed in (1, 2))
    assert (first[1600:] == second[1600:]).all()
    assert (second[:1600] == RECORDED["one"][2]).all()
    assert voice.calls == [("by the way", 0)] * 2
