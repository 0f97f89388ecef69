from __future__ import annotations

from voxgate.text.cantonese.lexicon import Lexicon
from voxgate.text.cantonese.pronunciation import pronounce
from voxgate.text.cantonese.syllables import parse_syllables


def test_two_phones_a_character_and_one_a_mark() -> None:
    words = pronounce("我愛你!", Lexicon())
    assert [word.phones for word in words] == [
        ("Yng", "Yo5"),
        ("Yoi", "Yi3"),
        ("Yn", "Yei5"),
        ("!",),
    ]
    assert [word.phones_per_character for word in words] == [(2,), (2,), (2,), (1,)]


def test_a_term_is_one_word() -> None:
    (word,) = pronounce("大角咀", Lexicon({"大角咀": parse_syllables("daai6 gok3 zeoi2")}))
    assert word.phones == ("Yd", "Yaai6", "Yg", "Yok3", "Yz", "Yeoi2")
    assert word.phones_per_character == (2, 2, 2)
    assert word.source == "user"


def test_a_syllable_without_phones_of_its_own_is_guessed() -> None:
    words = pronounce("罌{掉|deu6}咗", Lexicon())
    assert [word.guessed for word in words] == [True, True, False]


def test_a_latin_word_with_an_inline_reading_has_no_count_a_character() -> None:
    (word,) = pronounce("{OT|ou1 ti1 ti1}", Lexicon())
    assert word.phones_per_character is None
