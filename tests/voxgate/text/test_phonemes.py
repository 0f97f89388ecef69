from __future__ import annotations

import pytest

from tests.fakes.front_end import SyllableFrontEnd
from voxgate.errors import TextError
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

SYLLABLES = SyllableFrontEnd()


def test_words_are_joined_without_borders_and_numbered_in_the_front_ends_table() -> None:
    found = to_phonemes("Ni hao, ni", SYLLABLES)
    assert found.text == "ni hao , ni"
    assert found.phones == ("n", "i3", "h", "ao3", ",", "n", "i3")
    assert found.ids == symbol_table("v2").ids_of(found.phones)


def test_marks_are_phonemes_and_no_words() -> None:
    assert [word.word for word in to_phonemes("ni, hao!", SYLLABLES).words] == ["ni", "hao"]


def test_guesses_are_listed_whatever_the_language_calls_their_source() -> None:
    assert to_phonemes("ni hao ma?", SYLLABLES).guessed_words == ("ma",)


def test_short_texts_get_a_lead_in_unless_it_is_switched_off() -> None:
    english = open_front_end("en")
    assert to_phonemes("Hi.", english).phones == (",", "HH", "AY1", ".")
    assert to_phonemes("Hi.", english, lead_in=False).phones == ("HH", "AY1", ".")
    assert to_phonemes("ni hao", SYLLABLES).phones == ("n", "i3", "h", "ao3")


def test_a_phoneme_outside_the_table_is_an_error() -> None:
    with pytest.raises(TextError, match="'not-a-phoneme' is not in the table 'v2'"):
        to_phonemes("odd", SYLLABLES)


@pytest.mark.parametrize("text", ["", "...", "😀 — !"])
def test_nothing_to_speak_is_a_text_error(text: str) -> None:
    for front_end in (open_front_end("en"), SYLLABLES):
        with pytest.raises(
            TextError, match=r"nothing to speak in .*; need at least one word or number"
        ):
            to_phonemes(text, front_end)


def test_a_long_text_is_shortened_in_the_message() -> None:
    with pytest.raises(TextError, match=r"nothing to speak in ' {60}…'; "):
        to_phonemes(" " * 500, SYLLABLES)
