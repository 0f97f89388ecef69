from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.cantonese.lexicon import Lexicon
from voxgate.text.cantonese.readings import readings
from voxgate.text.cantonese.syllables import parse_syllables


def _read(text: str, lexicon: Lexicon | None = None) -> list[tuple[str, str, str]]:
    return [
        (found.written, " ".join(map(str, found.syllables)), found.source)
        for found in readings(text, lexicon or Lexicon())
    ]


def test_rules_of_context_stand_above_the_dictionary() -> None:
    assert _read("瞓咗覺.") == [
        ("瞓", "fan3", "dictionary"),
        ("咗", "zo2", "dictionary"),
        ("覺", "gaau3", "rule"),
        (".", "", "mark"),
    ]


def test_terms_stand_above_the_rules_and_inline_readings_above_all() -> None:
    lexicon = Lexicon({"瞓覺": parse_syllables("fan3 gok3")})
    assert _read("瞓覺", lexicon) == [("瞓覺", "fan3 gok3", "user")]
    assert _read("{瞓覺|fan3 gaau1}", lexicon) == [("瞓覺", "fan3 gaau1", "inline")]


def test_an_inline_reading_may_give_latin_letters_syllables() -> None:
    assert _read("去{K房|kei1 fong2}")[1] == ("K房", "kei1 fong2", "inline")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{香港|xiang1 gang3}",
            "the reading in {香港|xiang1 gang3}: '香港': 'xiang1' is no syllable",
        ),
        ("{香港|hoeng1}", "has 2 characters and 'hoeng1' 1 syllables"),
        ("\U0002a700字", r"U\+2A700.* has no reading in the dictionary of Cantonese; give it one"),
    ],
)
def test_what_has_no_reading_is_named(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message.replace("|", r"\|").replace("{", r"\{")):
        readings(text, Lexicon())
