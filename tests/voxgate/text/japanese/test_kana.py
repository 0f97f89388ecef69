"""Katakana as pronounced, and its phonemes."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.kana import folded_moras, kana_phones, katakana, moras


@pytest.mark.parametrize(
    ("reading", "phones"),
    [
        ("サクラ", "s a k u r a"),
        ("キョート", "ky o o t o"),
        ("シンブン", "sh i N b u N"),
        ("ガッコー", "g a cl k o o"),
        ("ヂヅヲ", "j i z u o"),
        ("ティーシャツ", "t i i sh a ts u"),
        ("クォーター", "k w o o t a a"),
        ("グァム", "g w a m u"),
        ("テューバ", "t y u u b a"),
        ("ヴァイオリン", "v a i o r i N"),
        ("ミェン", "my e N"),
        ("デュエット", "dy u e cl t o"),
    ],
)
def test_katakana_becomes_the_phonemes_of_the_tables(reading: str, phones: str) -> None:
    assert kana_phones(reading) == tuple(phones.split())


@pytest.mark.parametrize("reading", ["", "ー", "ひらがな", "ABC", "カ ナ", "漢字"])
def test_what_is_no_katakana_has_no_phonemes(reading: str) -> None:
    assert kana_phones(reading) is None


def test_a_small_kana_is_of_the_mora_before_it() -> None:
    assert moras("キャッチャー") == ("キャ", "ッ", "チャ", "ー")


def test_hiragana_is_turned_into_katakana() -> None:
    assert katakana("がんばるぞー漢字") == "ガンバルゾー漢字"


@pytest.mark.parametrize(
    "alike",
    [
        ("コーコー", "コウコウ", "コオコオ"),
        ("センセー", "センセイ", "センセエ"),
        ("ハナジ", "ハナヂ"),
        ("ツズク", "ツヅク"),
        ("カオヲ", "カオオ"),
    ],
)
def test_what_sounds_the_same_folds_to_the_same(alike: tuple[str, ...]) -> None:
    assert len({folded_moras(reading) for reading in alike}) == 1


def test_what_sounds_different_stays_different() -> None:
    assert folded_moras("オバサン") != folded_moras("オバーサン")
    assert folded_moras("キテ") != folded_moras("キッテ")
    assert folded_moras("ガンバル") != folded_moras("カンハル")
