from __future__ import annotations

from voxgate.text.cantonese.comparison import sounds, written


def test_sounds_are_syllables_with_tones_without_marks() -> None:
    assert sounds("聽日會唔會落雨呀?") == (
        "ting1", "jat6", "wui5", "m4", "wui5", "lok6", "jyu5", "aa3",
    )  # fmt: skip


def test_homophones_are_equal_and_ways_of_writing_too() -> None:
    assert sounds("檯") == sounds("枱")
    assert written("裡面,{銀行|ngan4 hong4}.") == written("裏面銀行")


def test_an_inline_reading_counts_as_it_is_said() -> None:
    assert sounds("{行|hong4}") == ("hong4",)
