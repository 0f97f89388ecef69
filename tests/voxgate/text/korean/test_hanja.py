from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.korean.hanja import speak_hanja


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("大韓民國", "대한민국"),
        ("女子와 男女", "여자와 남녀"),
        ("李舜臣 將軍", "이순신 장군"),
        ("勞動", "노동"),
        ("한자(漢字)는", "한자는"),
        ("한자(學校)는", "한자(학교)는"),
        ("不當", "부당"),
        ("中國에서", "중국에서"),
        ("한글만", "한글만"),
    ],
)
def test_hanja_are_read_in_hangul(text: str, spoken: str) -> None:
    assert speak_hanja(text) == spoken


def test_a_hanja_without_reading_is_named() -> None:
    with pytest.raises(TextError, match=r"U\+3400\) at character 2 is a hanja without"):
        speak_hanja("가㐀")
