"""Numbers in Cantonese: what only Hong Kong writes or says so, then the shared grammar."""

from __future__ import annotations

import re

from voxgate.text.cantonese.wording import CANTONESE
from voxgate.text.han.cardinals import say_digits, say_number
from voxgate.text.han.grammar import speak

__all__ = ["speak_numbers"]

_HAN = "[\u3400-\u9fff]"
_PHONE = re.compile(r"(?<![\d.,$¥€£-])([2-9]\d{3})([ -]?)(\d{4})(?![\d]|[.,]\d|[ -]\d)")
_PHONE_NEAR = re.compile("電話|手機|熱線|聯絡|查詢|致電|打|傳真|搵我|號碼", re.IGNORECASE)
_AMOUNT_BEHIND = re.compile(r"\s*[蚊元個人次張份字股年萬億%‰]")
_ABROAD = re.compile(r"(?<![\d.])[(+]{0,2}(85[23]|86)\)?[ -]([2-9]\d{3})[ -]?(\d{4})(?!\d)")
_LABELLED = re.compile(
    r"(?:電話|手機|號碼|房號|單位|戶口|帳號|密碼|驗證碼|車牌|學號|籌號|尾數|編號|單號|八達通|身份證)"
    r"(?:號碼)?(?:係|喺|:|：)?\s?(?P<code>\d{3,12})(?![\d.,]*\d|\s?[蚊元個人次張份歲%年月間室呎])"
)
_SCORE_NEAR = re.compile("[贏輸]|打和|領先|落後|反勝|大炒|比數|對陣|踢成")
_SCORE = re.compile(
    r"(?<![\d.,:/-])(\d{1,3})\s?[-–]\s?(\d{1,3})(?![\d:/.-]|\s?[日號月年點蚊個人分歲])"
)
_SEVEN_ELEVEN = re.compile(
    r"(?<![\d.,:/-])7-(?:11|Eleven)(?![\d:/.-]|\s?[日號月年點蚊個人分歲天])", re.IGNORECASE
)
_HALVES = re.compile(r"(?<![\d./])50/50(?![\d./])")
_HALF = re.compile(r"(?<![\d.,])(\d+)\.5\s?個(?=鐘|月|小時|字|世紀)")
_TWO_DAYS = re.compile(r"(?<![\d.,月/:-])(?<!月 )2(?=日(?![圓元本期]))")
_TENTHS = re.compile(r"\$0\.([1-9])0?(?!\d)")
_DASH = re.compile(rf"-(?![\d.$€£¥₩₽₹฿√π(])|(?<={_HAN})-(?=[($])")
_PER = re.compile(rf"(?<=[蚊毫])/(?={_HAN})")
_WINDOW = 8


def speak_numbers(text: str) -> str:
    """Say every number and sign of `text` in Cantonese; Han characters and marks stay.

    Raises:
        TextError: a number has more than 1,000 digits.
    """
    # A dash that stands before no number is a mark, which the grammar would take for a minus.
    text = _of_hong_kong(_DASH.sub("—", text))
    return _PER.sub(CANTONESE.per, speak(text, CANTONESE))


def _of_hong_kong(text: str) -> str:
    """Say 9123 4567 digit by digit, 1.5個鐘 as 個半鐘, 2日 as 兩日, 贏2-1 as 二比一."""

    def phone(match: re.Match[str]) -> str:
        first, gap, last = match.groups()
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        if _AMOUNT_BEHIND.match(text, match.end()) or not (gap or _PHONE_NEAR.search(before)):
            return match.group()
        return _digits(first) + ("," if gap else "") + _digits(last)

    def score(match: re.Match[str]) -> str:
        around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
        if not _SCORE_NEAR.search(around):
            return match.group()
        return CANTONESE.ratio.join(say_number(one, CANTONESE) for one in match.groups())

    text = _ABROAD.sub(lambda match: ",".join(map(_digits, match.groups())), text)
    text = _PHONE.sub(phone, text)
    text = _LABELLED.sub(_code, text)
    text = _SCORE.sub(score, text)
    text = _HALVES.sub("五十五十", _SEVEN_ELEVEN.sub("七十一", text))
    text = _TENTHS.sub(lambda match: _digits(match[1]) + "毫", text)
    return _TWO_DAYS.sub(CANTONESE.two, _HALF.sub(_and_a_half, text))


def _digits(written: str) -> str:
    return say_digits(written, CANTONESE)


def _code(match: re.Match[str]) -> str:
    return match.group().removesuffix(match["code"]) + _digits(match["code"])


def _and_a_half(match: re.Match[str]) -> str:
    """Say 1.5個 as 個半, 2.5個 as 兩個半, 0.5個 as 半個."""
    whole = match[1]
    if int(whole) == 0:
        return "半個"
    counted = {"1": "", "2": CANTONESE.two}.get(whole, say_number(whole, CANTONESE))
    return f"{counted}個半"
