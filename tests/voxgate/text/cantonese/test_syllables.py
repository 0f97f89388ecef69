from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.cantonese.syllables import parse_syllable, parse_syllables, syllables_fault


@pytest.mark.parametrize(
    ("jyutping", "onset", "rime", "tone"),
    [
        ("gwong2", "gw", "ong", "2"),
        ("ngo5", "ng", "o", "5"),
        ("ng5", "", "ng", "5"),
        ("m4", "", "m", "4"),
        ("hng6", "h", "ng", "6"),
        ("aau3", "", "aau", "3"),
        ("jyut6", "j", "yut", "6"),
        ("keoi5", "k", "eoi", "5"),
        ("deu6", "d", "eu", "6"),
    ],
)
def test_a_syllable_is_taken_apart(jyutping: str, onset: str, rime: str, tone: str) -> None:
    syllable = parse_syllable(jyutping)
    assert (syllable.onset, syllable.rime, syllable.tone) == (onset, rime, tone)
    assert str(syllable) == jyutping


@pytest.mark.parametrize("written", ["gwong", "gwong7", "zhong1", "Gwong2", "gwoong2", "", "2"])
def test_what_is_no_syllable_is_named(written: str) -> None:
    with pytest.raises(TextError, match=f"'{written}' is no syllable of Cantonese; need jyutping"):
        parse_syllable(written)


def test_spaces_part_syllables() -> None:
    assert [str(syllable) for syllable in parse_syllables(" hoeng1  gong2 ")] == ["hoeng1", "gong2"]


def test_a_reading_owes_each_character_a_syllable() -> None:
    assert syllables_fault("香港", "hoeng1 gong2") is None
    fault = syllables_fault("香港", "hoeng1")
    assert fault is not None
    assert "'香港' has 2 characters and 'hoeng1' 1 syllables" in fault
    fault = syllables_fault("香港", "xiang1 gang3")
    assert fault is not None
    assert "'xiang1' is no syllable of Cantonese" in fault
