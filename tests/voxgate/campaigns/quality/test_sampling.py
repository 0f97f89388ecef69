from __future__ import annotations

import numpy as np

from tests.fakes.heard_voice import HeardVoice
from voxgate.campaigns.quality.material import read_material
from voxgate.campaigns.quality.sampling import (
    BAD_KINDS,
    bad_clips,
    good_clips,
    other_values,
)
from voxgate.text.front_ends import open_front_end

FRONT_END = open_front_end("en")


def spoken_texts():
    """Return a voice and the list of what it was asked for."""
    voice, texts = HeardVoice(), []

    def speak(text: str):
        texts.append(text)
        return voice.speak(text)

    return speak, texts


def test_every_sentence_is_spoken_once() -> None:
    speak, texts = spoken_texts()
    material = read_material()
    good = good_clips(material, speak, FRONT_END)
    assert texts == [one.text for one in material]
    assert [clip.origin for clip in good] == list(range(len(material)))


def test_other_values_cost_no_speech_and_keep_the_samples() -> None:
    speak, texts = spoken_texts()
    material = read_material()
    good = good_clips(material, speak, FRONT_END)
    texts.clear()
    others = other_values(material, good, FRONT_END)
    assert texts == []
    assert set(others) == {"other_name", "near_name", "other_value"}
    for clip in (one for clips in others.values() for one in clips):
        assert clip.spoken is good[clip.origin].spoken
        assert clip.expected.text != good[clip.origin].expected.text


def test_words_are_left_out_and_doubled_in_the_frame() -> None:
    speak, texts = spoken_texts()
    material = read_material()[::4]
    good = good_clips(material, speak, FRONT_END)
    texts.clear()
    bad_clips(material, good, speak, each=len(material))
    left_out, doubled = texts[: len(material)], texts[len(material) :]
    for one, shorter, longer in zip(material, left_out, doubled, strict=True):
        words = len(one.text.split())
        assert len(shorter.split()) == words - 1, shorter
        assert len(longer.split()) == words + 1, longer
        slots = [segment.text for segment in one.segments if segment.slot is not None]
        assert all(slot in shorter and slot in longer for slot in slots)


def test_every_kind_has_as_many_clips_and_its_own_samples() -> None:
    speak, _ = spoken_texts()
    material = read_material()
    good = good_clips(material, speak, FRONT_END)
    bad = bad_clips(material, good, speak, each=3)
    assert {*bad, "other_name", "near_name", "other_value"} == set(BAD_KINDS)
    for kind, clips in bad.items():
        assert len({clip.origin for clip in clips}) == 3
        for clip in clips:
            assert not np.array_equal(clip.spoken.pcm, good[clip.origin].spoken.pcm), kind
            assert clip.expected is good[clip.origin].expected


def test_an_impostor_says_the_same_words() -> None:
    speak, _ = spoken_texts()
    material = read_material()
    asked: list[str] = []

    def impostor(text: str):
        asked.append(text)
        return HeardVoice(speaker_id="other").speak(text)

    good = good_clips(material, speak, FRONT_END)
    clips = bad_clips(material, good, speak, each=3, impostor=impostor)["impostor"]
    assert asked == [material[clip.origin].text for clip in clips]
