from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.pretraining.speech.mandarin import MandarinPhonemizer, syllable_symbols
from voxgate.pretraining.speech.phonemes import symbol_ids


@pytest.mark.parametrize(
    ("pinyin", "symbols"),
    [
        ("zhong1", "ꭧʊ→ŋ"),
        ("shi4", "ʂɨ↘"),
        ("ci2", "ʦʰɨ↗"),
        ("yi1", "i→"),
        ("ying3", "i↓ŋ"),
        ("yan2", "jɛ↗n"),
        ("yong4", "jʊ↘ŋ"),
        ("you3", "jou↓"),
        ("yue4", "ɥe↘"),
        ("xuan3", "ɕɥɛ↓n"),
        ("jun1", "ʨy→n"),
        ("lü4", "ly↘"),
        ("nv3", "ny↓"),
        ("wu3", "u↓"),
        ("wen2", "wə↗n"),
        ("weng1", "wə→ŋ"),
        ("bo1", "pwo→"),
        ("er2", "ɚ↗"),
        ("de5", "tɤ"),
    ],
)
def test_a_syllable_is_read_as_the_model_learnt_it(pinyin: str, symbols: str) -> None:
    assert syllable_symbols(pinyin) == symbols


@pytest.mark.parametrize("pinyin", ["zhong", "zhong6", "bla1", "zhx4", ""])
def test_what_is_no_syllable_is_refused(pinyin: str) -> None:
    with pytest.raises(TextError, match=repr(pinyin)):
        syllable_symbols(pinyin)


def test_every_syllable_of_the_dictionary_has_symbols_of_the_model() -> None:
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_tone3

    readings = {one for line in PINYIN_DICT.values() for one in line.split(",")}
    syllables = {to_tone3(one, neutral_tone_with_five=True) for one in readings}
    assert len(syllables) > 1500
    refused = set()
    for syllable in syllables:
        try:
            assert symbol_ids(syllable_symbols(syllable))
        except TextError:
            refused.add(syllable)
    assert refused <= {"wong4"}  # a place name in Hong Kong


def test_words_marks_and_latin_words_are_told_apart() -> None:
    pieces = MandarinPhonemizer().pieces("我的email，发了吗？")
    assert pieces == [
        ("symbols", "wo↓ tɤ"),
        ("latin", "email"),
        ("marks", ","),
        ("symbols", "fa→lɤ ma"),
        ("marks", "?"),
    ]


def test_a_digit_is_named_with_its_place() -> None:
    with pytest.raises(TextError, match="'3' at character 2"):
        MandarinPhonemizer().pieces("买3斤")
