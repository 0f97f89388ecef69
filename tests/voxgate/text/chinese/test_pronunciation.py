from __future__ import annotations

from voxgate.text.chinese.lexicon import Lexicon
from voxgate.text.chinese.polyphone_network import polyphone_network
from voxgate.text.chinese.pronunciation import pronounce
from voxgate.text.front_end import SpokenWord


def said(text: str) -> tuple[SpokenWord, ...]:
    return pronounce(text, Lexicon(), polyphone_network())


def test_words_and_marks_follow_each_other() -> None:
    assert [word.word for word in said("他说,你好!")] == ["他", "说", ",", "你好", "!"]
    assert said("好,")[-1].phones == (",",)


def test_written_characters_are_kept_and_simplified_ones_looked_up() -> None:
    (word,) = said("銀行")
    assert word.word == "銀行"
    assert word.phones == ("y", "in2", "h", "ang2")


def test_a_word_is_as_sure_as_its_worst_character() -> None:
    assert {word.word: word.source for word in said("音乐家")} == {"音乐家": "rule"}


def test_words_of_other_scripts_share_their_syllables_out() -> None:
    (word,) = said("{GPT|ji1 pi4 ti4 di1}")
    assert word.phones_per_character == (3, 3, 2)
