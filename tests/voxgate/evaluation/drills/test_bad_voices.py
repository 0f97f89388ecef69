from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.speech import buzz
from tests.fakes.voice import ToneVoice
from voxgate.evaluation.drills.bad_voices import FAULTS
from voxgate.evaluation.drills.sources import Sources
from voxgate.ports import Voice
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

TEXT = "We have never seen seven green doors"
JUDGED = buzz([120, 140, 130])
FOREIGN = [noise(100 + n, seconds=1.0 + n / 4) for n in range(12)]
NAMES = [
    "wrong speaker", "stranger in the middle", "stranger at the end", "wrong language",
    "pitch shift", "monotone", "wrong sample rate",
    "dropped words", "repeated words", "dropped numbers", "swapped words", "mixed-up prompts",
    "leaked reference", "truncation", "silence",
    "noise", "noise before", "noise after", "noise after, sometimes", "noise between", "hum",
    "clicks", "lost packets",
    "late start", "late end", "gaps", "speed-up", "faster", "slower", "drifting tempo", "stutter",
    "repeated end", "reversed part",
    "too quiet", "too loud", "jumping level", "fading", "offset", "band-limited", "reverberation",
    "echo", "coarse coding",
]  # fmt: skip
REASONS = {
    "wer_floor", "catastrophe_floor", "similarity_floor",
    *(
        f"{what}_versus_champion"
        for what in (
            "wer", "similarity", "level", "clipping", "dc_offset", "head", "tail", "pause",
            "outside", "background", "clicks", "pace", "pitch_range", "bandwidth", "similarity_low",
            "quality", "quality_noise", "critical", "sound_outliers",
        )
    ),
}  # fmt: skip


class Reader(ToneVoice):
    """A tone for each text, so that a changed text sounds changed."""

    def wave(self, text: str, seed: int) -> Wave:
        return super().wave(text, seed + crc32(text.encode()))


@pytest.fixture
def sources() -> Sources:
    return Sources(
        voice=Reader(),
        replay=ReplayVoice({TEXT: JUDGED, "another text": JUDGED[::-1].copy()}),
        hurried=ToneVoice(letters_per_s=18.0),
        stranger=ToneVoice(letters_per_s=11.0),
        foreign=FOREIGN,
        reference_text="This is what the reference clip says.",
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
    assert [fault.name for fault in FAULTS] == NAMES
    assert len({fault.what for fault in FAULTS}) == len(FAULTS)


def test_every_reason_is_one_that_the_gate_can_give_and_all_of_them_are_drilled() -> None:
    named = frozenset[str]().union(*(fault.expected | fault.any_of for fault in FAULTS))
    assert named == REASONS


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_voice_says_something_else_than_the_sound_one_and_always_the_same(
    name: str, sources: Sources
) -> None:
    wave = said(name, sources, seed=3)
    assert (wave.dtype, wave.ndim) == (np.float32, 1)
    assert np.abs(wave).max() <= 1
    sound = [JUDGED, Reader().wave(TEXT, 3)]
    assert not any(len(wave) == len(own) and (wave == own).all() for own in sound)
    assert (said(name, sources, seed=3) == wave).all()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dropped words", "We never seen seven green"),
        ("repeated words", "We have have never seen seven green doors doors"),
        ("dropped numbers", "We have seen green doors"),
        ("swapped words", "We never have seen seven green doors"),
    ],
)
def test_a_misreader_is_the_voice_itself_with_another_text(
    name: str, text: str, sources: Sources
) -> None:
    assert (said(name, sources) == Reader().speak(text, seed=1).wave).all()


def test_damage_is_done_to_what_was_judged(sources: Sources) -> None:
    assert not said("silence", sources).any()
    assert (said("truncation", sources) == JUDGED[: len(JUDGED) * 6 // 10]).all()
    assert np.corrcoef(said("noise", sources), JUDGED)[0, 1] > 0.9
    assert len(said("pitch shift", sources)) == len(JUDGED)
    assert (said("mixed-up prompts", sources) == JUDGED[::-1]).all()


def test_a_rare_fault_is_in_one_sample_of_three(sources: Sources) -> None:
    longer = [len(said("noise after, sometimes", sources, seed)) - len(JUDGED) for seed in range(6)]
    assert longer == [32_000, 0, 0, 32_000, 0, 0]


def test_a_leak_is_the_beginning_of_the_references_text(sources: Sources) -> None:
    leak = Reader().speak("This is what the", seed=0).wave
    wave = said("leaked reference", sources)
    assert len(wave) == len(leak) + len(JUDGED)
    assert (wave[len(leak) + 200 : -200] == JUDGED[200:-200]).all()
    assert np.corrcoef(wave[: len(leak)], leak)[0, 1] > 0.99


def test_another_language_is_a_recording_of_about_the_length(sources: Sources) -> None:
    heard = {len(said("wrong language", sources, seed)) for seed in range(10)}
    assert heard == {len(clip) for clip in FOREIGN if 1.75 <= len(clip) / 16_000 <= 2.75}


def test_a_stranger_and_a_hurried_voice_are_what_the_sources_have(sources: Sources) -> None:
    assert bad("wrong speaker", sources) is sources.stranger
    assert bad("speed-up", sources) is sources.hurried
