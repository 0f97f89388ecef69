"""Say numbers that are names: phones, rooms, lines, accounts, versions, addresses of computers."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import say_digits
from voxgate.text.han.vocabulary import (
    AMOUNT_AFTER,
    CODE_AFTER,
    CODE_BEFORE,
    COUNTERS,
    alternatives,
)
from voxgate.text.han.wording import Wording

__all__ = ["speak_codes", "speak_versions"]

_PAUSE = ","
_AREA_PHONE = re.compile(
    r"(?<![\d.,-])\(?(0\d{2,3})\)?[- ]?\s?(\d{3,4}[- ]?\d{4})"
    r"(?:([-转轉])(\d{1,5}))?(?![\d.-]\d|\d)"
)
_ABROAD = re.compile(r"(?<![\d.])\+(\d{1,3})[- ]?((?:\(?\d{1,4}\)?[- ]?){1,4}\d{2,})(?!\d|\.\d)")
_MOBILE = re.compile(r"(?<![\d.,])(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?![\d]|\.\d|[,]\d{3})")
_SERVICE = re.compile(r"(?<![\d.,-])([48]00)[- ](\d{3,4})[- ](\d{3,4})(?![\d]|[.-]\d)")
_CARD = re.compile(r"(?<![\d.,])\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,3})?(?![\d]|[.]\d)")
_HYPHENS = re.compile(r"(?<![\d.,/-])\d+(?:-\d+){2,}(?![\d]|[./]\d|-\d)")
_LABELLED = re.compile(
    rf"(?P<label>(?:{alternatives(CODE_BEFORE)})(?:就?[是为為]|[:：]|号|為)?\s?[:：]?\s?)"
    r"(?P<code>\d{3,}(?:[- ]\d{3,})*)(?![\d.,]*\d|[%‰公下])"
    rf"(?!{alternatives(COUNTERS)}|{alternatives(AMOUNT_AFTER)})"
)
_LABELLING = re.compile(rf"(?<![\d.,第])(?P<code>\d{{3,4}})(?={alternatives(CODE_AFTER)})")
_ID_CARD = re.compile(r"(?<![\d.,])\d{17}(?=[xX]\b)|(?<![\d.,])\d{18}(?![\d.,])")
_KNOWN = re.compile(
    r"(?<![\d.,第])(?:110|119|120|122|12306|12315|12345|12348|10086|10010|95\d{3}|114|911|211|985|996|404)"
    r"(?=$|[^\d.,%‰A-Za-zμµ㎡℃°℉㎏㎞ /*+=×÷~-]|[.,](?!\d))"
    rf"(?!{alternatives(COUNTERS)}|{alternatives(AMOUNT_AFTER)})"
)
_VERSION = re.compile(r"(?<![\d.,])\d+(?:\.\d+){2,}(?![\d]|,\d)")


def speak_codes(text: str, wording: Wording) -> str:
    """Say numbers that are codes; a pause stands where they are parted."""

    def parted(*parts: str | None) -> str:
        return _PAUSE.join(say_digits(part, wording, code=True) for part in parts if part)

    def abroad(match: re.Match[str]) -> str:
        parts = re.split(r"[- ()]+", match.group(2))
        return wording.plus_sign_of_phone + parted(match.group(1), *parts)

    def labelled(match: re.Match[str]) -> str:
        return match["label"].rstrip(" ") + parted(*re.split("[- ]", match["code"]))

    def area(match: re.Match[str]) -> str:
        code, number, between, extension = match.groups()
        said = parted(code, *re.split("[- ]", number))
        if not extension:
            return said
        return f"{said}{_PAUSE if between == '-' else between}{parted(extension)}"

    def mobile(match: re.Match[str]) -> str:
        first, separator, *rest = match.groups()
        return parted(first, *rest) if separator else parted(first + "".join(rest))

    text = _ABROAD.sub(abroad, text)
    text = _CARD.sub(lambda match: parted(*re.split("[ -]", match.group())), text)
    text = _SERVICE.sub(lambda match: parted(*match.groups()), text)
    text = _MOBILE.sub(mobile, text)
    text = _AREA_PHONE.sub(area, text)
    text = _HYPHENS.sub(lambda match: parted(*match.group().split("-")), text)
    text = _ID_CARD.sub(lambda match: parted(match.group()), text)
    text = _LABELLED.sub(labelled, text)
    text = _LABELLING.sub(lambda match: parted(match["code"]), text)
    return _KNOWN.sub(lambda match: parted(match.group()), text)


def speak_versions(text: str, wording: Wording) -> str:
    """Say 2.10.3 and 192.168.1.1 digit by digit."""
    return _VERSION.sub(
        lambda match: wording.point.join(
            say_digits(part, wording) for part in match.group().split(".")
        ),
        text,
    )
