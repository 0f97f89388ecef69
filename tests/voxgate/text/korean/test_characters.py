from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.korean.characters import is_hanja, plain_characters


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“1” ½", '"1" 1/2'),
        ("「가」《나》", '"가""나"'),
        ("ＡＢ１２％", "AB12%"),
        ("㎡ ㎏ ℃ ㏈", "m² kg °C dB"),
        ("가\u1100\u1161", "가가"),
        ("ﾡﾢ", "ㄱㄲ"),
        ("ㄱㅏ", "ㄱㅏ"),
        ("가👍🏽나️\u200b", "가 나"),
        ("α와 Ω", "알파와 오메가"),
        ("Ⅳ ③", "4 3,"),
        ("국ㆍ영", "국·영"),
        ("가\u3000나\t다", "가 나 다"),
        ("\ue000", "\ue000"),
    ],
)
def test_forms_are_folded(text: str, plain: str) -> None:
    assert plain_characters(text).strip() == plain
    assert plain_characters(plain) == plain


@pytest.mark.parametrize("char", "あя\u202e\x00\ud7ffع∑¤")
def test_other_characters_are_named_with_their_place(char: str) -> None:
    with pytest.raises(TextError, match=f"U\\+{ord(char):04X} .* at character 3"):
        plain_characters(f"가나{char}")


def test_hanja() -> None:
    assert is_hanja("韓")
    assert not is_hanja("한")
