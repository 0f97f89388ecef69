"""Characters that the Japanese rules start from, and those that have no reading."""

from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.japanese.characters import plain_characters


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ﾊﾝｶｸｶﾞﾅ", "ハンカクガナ"),
        ("ＡＢＣ１２３", "ABC123"),
        ("㈱青空", "株式会社青空"),
        ("①番の窓口", "1番の窓口"),
        ("②みかん", "2 みかん"),
        ("第Ⅲ章", "第3章"),
        ("20㎡", "20m²"),
        ("5㎏", "5kg"),
        ("30℃", "30°C"),
        ("㍻元年", "平成元年"),
        ("½カップ", "1/2カップ"),
        ("￥500", "¥500"),
        ("『本』と“声”", "「本」と「声」"),
        ('"はい"と"いいえ"', "「はい」と「いいえ」"),
        ("コンピュ―タ", "コンピュータ"),
        ("α線とβ線", "アルファ線とベータ線"),
        ("がんばれ\U0001f600♪", "がんばれ"),
        ("か\u3099", "が"),
        ("カ゛", "ガ"),
        ("ヷイオリン", "ヴァイオリン"),
        ("(^_^)はい(1)", "はい（1）"),
        ("▲5%", "マイナス5%"),
    ],
)
def test_widths_and_variants_are_folded(written: str, plain: str) -> None:
    assert plain_characters(written) == plain


@pytest.mark.parametrize(
    "silent", ["\U0001f600", "♪", "★", "\ufe0f", "\u200d", "\u200b", "\U0001f1ef"]
)
def test_emoji_ornaments_and_characters_without_width_are_silent(silent: str) -> None:
    assert plain_characters(f"あ{silent}い") == "あい"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("안녕", "character 1 is Korean"),
        ("これは\u202eです", "character 4 is a control character"),
        ("あ\x07", "character 2 is a control character"),
        ("привет", "no Japanese letter"),
        ("مرحبا", "no Japanese letter"),
        ("あ\ufffdい", "where a character was lost"),
        ("あ∮い", "sign without a reading"),
        ("\U000f0000", "private-use"),
    ],
)
def test_a_character_without_a_reading_is_named_with_its_place(text: str, named: str) -> None:
    with pytest.raises(TextError, match=named):
        plain_characters(text)


def test_places_of_lifted_readings_pass() -> None:
    assert plain_characters("\ue000は\ue001") == "\ue000は\ue001"
