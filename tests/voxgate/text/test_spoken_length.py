from __future__ import annotations

from voxgate.text.spoken_length import spoken_letters


def test_an_english_word_in_a_chinese_sentence_is_not_as_long_as_its_letters() -> None:
    assert spoken_letters("two words, 2 times!") == 14.0
    assert spoken_letters("我用手机拍照") == 21.0
    assert spoken_letters("我用 iPhone 拍照") == 20.0


def test_kana_are_shorter_than_han_characters() -> None:
    assert spoken_letters("食べる") == 7.5
