"""Numbers as only Hong Kong writes or says them; the shared grammar reads all others."""

from __future__ import annotations

import re

from voxgate.text.cantonese.wording import CANTONESE
from voxgate.text.han.cardinals import say_digits, say_number
from voxgate.text.han.grammar import speak

__all__ = ["speak_all_numbers", "speak_local_numbers"]

_PHONE = re.compile(r"(?<![\d.,$¥€£-])([2-9]\d{3})([ -]?)(\d{4})(?![\d]|[.,]\d|[ -]\d)")
_PHONE_NEAR = re.compile("電話|手機|熱線|聯絡|查詢|致電|打|傳真|whatsapp|call|搵我", re.IGNORECASE)
_AMOUNT_BEHIND = re.compile(r"\s*[蚊元個人次張份字股年萬億%‰]")
_ABROAD = re.compile(r"(?<![\d.])\+?(85[23])[ -]([2-9]\d{3})[ -]?(\d{4})(?!\d)")
_HALF = re.compile(r"(?<![\d.,])(\d+)\.5\s?個(?=鐘|月|小時|字|世紀)")
_TWO_DAYS = re.compile(r"(?<![\d.,月/:-])(?<!月 )2(?=日(?![圓元本期]))")
_TENTHS = re.compile(r"\$0\.([1-9])0?(?!\d)")
_DASH = re.compile(r"-(?![\d.$€£¥₩₽₹฿√π(])|(?<=[\u3400-\u9fff])-(?=[($])")
_PER = re.compile(r"(?<=[蚊毫])/(?=[\u3400-\u9fff])")
_WINDOW = 8


def speak_all_numbers(text: str) -> str:
    """Say every number and sign of `text` in Cantonese; Han characters and marks stay."""
    # A dash that stands before no number is a mark, which the grammar would take for a minus.
    return _PER.sub(CANTONESE.per, speak(speak_local_numbers(_DASH.sub("—", text)), CANTONESE))


def speak_local_numbers(text: str) -> str:
    """Say 9123 4567 digit by digit, 1.5個鐘 as 個半鐘, 2日 as 兩日."""

    def phone(match: re.Match[str]) -> str:
        first, gap, last = match.groups()
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        if _AMOUNT_BEHIND.match(text, match.end()) or not (gap or _PHONE_NEAR.search(before)):
            return match.group()
        pause = "," if gap else ""
        return say_digits(first, CANTONESE) + pause + say_digits(last, CANTONESE)

    def abroad(match: re.Match[str]) -> str:
        return ",".join(say_digits(part, CANTONESE) for part in match.groups())

    def half(match: re.Match[str]) -> str:
        whole = match.group(1)
        counted = {"0": "", "1": "", "2": CANTONESE.two}.get(whole, say_number(whole, CANTONESE))
        return f"{counted}個半" if whole != "0" else "半個"

    text = _PHONE.sub(phone, _ABROAD.sub(abroad, text))
    text = _TENTHS.sub(lambda match: say_digits(match[1], CANTONESE) + "毫", text)
    return _TWO_DAYS.sub(CANTONESE.two, _HALF.sub(half, text))
