from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.cantonese.numbers import speak_numbers


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        # telephones and codes
        ("打9123 4567搵我", "打九一二三,四五六七搵我"),
        ("我電話係91234567", "我電話係九一二三四五六七"),
        ("致電25678901查詢", "致電二五六七八九零一查詢"),
        ("+852 2345 6789", "八五二,二三四五,六七八九"),
        ("(852) 6123 4567", "八五二,六一二三,四五六七"),
        ("賺咗91234567蚊", "賺咗九千一百二十三萬四千五百六十七蚊"),
        ("密碼係1234", "密碼係一二三四"),
        ("房號：1205", "房號：一二零五"),
        ("籌號108", "籌號一零八"),
        ("報警打999", "報警打九九九"),
        # as only Hong Kong says it
        ("等咗1.5個鐘", "等咗個半鐘"),
        ("2.5個月", "兩個半月"),
        ("0.5個鐘", "半個鐘"),
        ("佢等咗2日", "佢等咗兩日"),
        ("5月2日", "五月二日"),
        ("3日2夜", "三日兩夜"),
        ("$0.5", "五毫"),
        ("$12.5", "十二蚊五毫"),
        ("$88/位", "八十八蚊每位"),
        ("曼聯贏2-1", "曼聯贏二比一"),
        ("樓下7-11", "樓下七十一"),
        ("50/50", "五十五十"),
        # a dash that is a mark
        ("你-我", "你—我"),
        ("5-", "五—"),
    ],
)
def test_numbers_of_hong_kong(written: str, spoken: str) -> None:
    assert speak_numbers(written) == spoken
    assert speak_numbers(spoken) == spoken


def test_endless_numbers_are_refused() -> None:
    with pytest.raises(TextError, match="1,001 digits"):
        speak_numbers("1" * 1001)
