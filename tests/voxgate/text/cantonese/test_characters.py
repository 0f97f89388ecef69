from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.cantonese.characters import plain_characters
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, SIGNS, UNITS


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＡＢＣ１２３％", "ABC123%"),
        ("好\u3000靚\u00a0呀", "好 靚 呀"),
        ("佢😀嚟👍🏽咗👨\u200d👩\u200d👧♥️", "佢嚟咗"),
        ("安々", "安安"),
        ("\uf9e1", "李"),
        ("一行\r\n\r\n二行\n", "一行\n二行"),
        ("｢早晨｡｣", "「早晨。」"),
        ("−5", "-5"),
        ("● 蘋果", "、 蘋果"),
        ("㗎𨋢𡃁", "㗎𨋢𡃁"),
    ],
)
def test_one_writing_for_one_thing(written: str, plain: str) -> None:
    assert plain_characters(written) == plain
    assert plain_characters(plain) == plain


@pytest.mark.parametrize("token", [*UNITS, *CURRENCY_SIGNS, *CURRENCY_CODES, *SIGNS])
def test_signs_and_units_are_left_to_the_grammar(token: str) -> None:
    assert plain_characters(f"5{token}").startswith("5")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("我食カレー", r"'カ' \(U\+30AB KATAKANA LETTER KA\) at character 3: .* katakana; write"),
        ("한국", r"'한' .* at character 1: Cantonese does not read hangul"),
        ("\u202e反", r"'\\u202e' \(U\+202E .*\) at character 1: it cannot be seen or spoken"),
        ("唔\x07好", r"at character 2: it cannot be seen or spoken; remove it"),
        ("唔\ufffd好", "a character was lost here; decode the text anew"),
        ("你好ก", r"U\+0E01 .* at character 3: it has no reading in Cantonese"),
        ("😀😀Ж", r"U\+0416 .* at character 3"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(written: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        plain_characters(written)
