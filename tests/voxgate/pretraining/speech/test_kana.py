from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.pretraining.speech.kana import JapanesePhonemizer, kana_symbols
from voxgate.pretraining.speech.phonemes import symbol_ids


@pytest.mark.parametrize(
    ("kana", "symbols"),
    [
        ("キョー", "kʲoː"),
        ("シンブン", "ɕimbɯɴ"),
        ("ガッコー", "ɡaʔkoː"),
        ("コンニチワ", "koɲɲiʨiβa"),
        ("マンガ", "maŋɡa"),
        ("センニン", "senɲiɴ".replace("nɲ", "ɲɲ")),
        ("ホンダ", "honda"),
        ("フィルム", "ɸʲiɾɯmɯ"),
        ("ティー", "tʲiː"),
        ("ウェブ", "βebɯ"),
        ("ツァー", "ʦaː"),
        ("ヴァ", "va"),
        ("ヂュ", "ʥɨ"),
    ],
)
def test_a_word_is_read_as_the_model_learnt_it(kana: str, symbols: str) -> None:
    assert kana_symbols(kana) == symbols
    assert symbol_ids(symbols)


def test_what_is_no_katakana_is_refused() -> None:
    with pytest.raises(TextError, match="'漢' in 'カ漢'"):
        kana_symbols("カ漢")


def test_endings_belong_to_their_words_and_marks_stand_alone() -> None:
    assert JapanesePhonemizer().pieces("本を買いました。") == [
        ("symbols", "hoɴ"),
        ("symbols", "o"),
        ("symbols", "kaimaɕita"),
        ("marks", "."),
    ]


def test_latin_words_are_left_to_english() -> None:
    kinds = [kind for kind, _ in JapanesePhonemizer().pieces("このlogoは安い")]
    assert kinds.count("latin") == 1
