from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.voice import ToneVoice
from voxgate.evaluation.drills.bad_voices import FAULTS, Sources
from voxgate.ports import Voice
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

TEXT = "one two three four five six seven"
JUDGED = noise(7, seconds=2.0)
FOREIGN = [noise(100 + n, seconds=1.0 + n / 4) for n in range(12)]


@pytest.fixture
def sources() -> Sources:
    return Sources(
        voice=ToneVoice(),
        replay=ReplayVoice({TEXT: JUDGED}),
        hurried=ToneVoice(letters_per_s=18.0),
        stranger=ToneVoice(letters_per_s=11.0),
        foreign=FOREIGN,
        digest="d",
    )


def bad(name: str, sources: Sources) -> Voice:
    (fault,) = [fault for fault in FAULTS if fault.name == name]
    return fault.build(sources)


def said(name: str, sources: Sources, seed: int = 1) -> Wave:
    voice = bad(name, sources)
    speech = voice.speak(TEXT, seed=seed)
    assert speech.sample_rate_hz == voice.sample_rate_hz == 16_000
    return speech.wave


def test_there_is_one_bad_voice_for_every_fault_of_the_drill() -> None:
    assert [fault.name for fault in FAULTS] == [
        "wrong speaker", "dropped words", "repeated words", "noise", "silence", "truncation",
        "wrong language", "pitch shift", "speed-up",
    ]  # fmt: skip
    assert all(fault.expected for fault in FAULTS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dropped words", "one three four five six"),
        ("repeated words", "one two two three four five six seven seven"),
    ],
)
def test_a_misreader_is_the_voice_itself_with_another_text(
    name: str, text: str, sources: Sources
) -> None:
    assert (said(name, sources) == ToneVoice().speak(text, seed=1).wave).all()


def test_damage_is_done_to_what_was_judged(sources: Sources) -> None:
    assert not said("silence", sources).any()
    assert (said("truncation", sources) == JUDGED[: len(JUDGED) * 6 // 10]).all()
    assert np.corrcoef(said("noise", sources), JUDGED)[0, 1] > 0.9
    assert len(said("pitch shift", sources)) == len(JUDGED)


def test_another_language_is_a_recording_of_about_the_length(sources: Sources) -> None:
    heard = {len(said("wrong language", sources, seed)) for seed in range(10)}
    assert heard == {len(clip) for clip in FOREIGN if 1.5 <= len(clip) / 16_000 <= 2.5}


def test_a_stranger_and_a_hurried_voice_are_what_the_sources_have(sources: Sources) -> None:
    assert bad("wrong speaker", sources) is sources.stranger
    assert bad("speed-up", sources) is sources.hurried
