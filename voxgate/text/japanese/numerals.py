"""Numerals in Han characters before a counter, written in digits.

The dictionary reads digits before a counter as a number, but takes some numerals for names: 三行 is
also Miyuki, 九貫 Kunugi.
"""

from __future__ import annotations

import re

__all__ = ["numerals_to_digits"]

_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
_SCALES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_COUNTERS = (
    "歳|才|人|名|個|本|枚|匹|杯|台|冊|回|階|番|号|円|度|倍|軒|足|羽|頭|件|点|位|着|年|月|日|時|分|秒|週|か月|ヶ月|"
    "カ月|割|話|巻|章|通|泊|畳|曲|行|文字|段|級|組|口|桁|票|発|社|校|店|メートル|キロ|グラム|センチ|ミリ|リットル|"
    "パーセント|ドル|ページ|ポイント|平方|立方|つぶ|粒|皿|箱|袋|缶|丁目|番地|世紀|種類|問|機|隻|列|面|部|戸|室|席|周|"
    "試合|勝|敗|対|乗|膳|合|升|坪|代|次|等|カ国|か国|ヶ国|カ所|か所|ヶ所|箇所"
)
_NUMERAL = re.compile(
    rf"(?<![一-鿿々])[一二三四五六七八九十百千万億兆]{{2,}}(?=(?:{_COUNTERS})(?!目黒))(?!四十九日)"
)
_SINGLE = re.compile(
    r"(?<![一-鿿々])[三四五六七八九](?=(?:行|品|升|膳|代目|面|合|位|貫|間|畝|石|頭|巻|曲|周)(?![一-鿿]))"
)
_MAX = 10**16


def numerals_to_digits(text: str) -> str:
    """Write 三百五十人 as 350人, and 三行 as 3行."""
    text = _NUMERAL.sub(lambda match: _in_digits(match.group()), text)
    return _SINGLE.sub(lambda match: str(_DIGITS[match.group()]), text)


def _in_digits(numeral: str) -> str:
    """Return the digits of a numeral that is written as numbers are, else the numeral."""
    total = group = 0
    digit: int | None = None
    last, largest = _MAX, _MAX
    for character in numeral:
        if character in _DIGITS:
            if digit is not None:
                return numeral
            digit = _DIGITS[character]
        elif character in _SCALES:
            scale = _SCALES[character]
            if scale >= last or digit == 1:
                return numeral
            group += (digit or 1) * scale
            digit, last = None, scale
        else:
            scale = _GROUPS[character]
            group += digit or 0
            if scale >= largest or not group:
                return numeral
            total += group * scale
            group, digit, last, largest = 0, None, _MAX, scale
    return str(total + group + (digit or 0))
