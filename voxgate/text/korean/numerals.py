"""Numbers as Korean says them: Sino-Korean, native, digit by digit."""

from __future__ import annotations

from voxgate.errors import TextError

__all__ = ["cardinal", "digits", "native", "spoken_number"]

_DIGITS = "영일이삼사오육칠팔구"
_TENS = ("", "십", "백", "천")
_MYRIADS = ("", "만", "억", "조", "경", "해", "자", "양", "구", "간", "정", "재", "극")
_MAX_DIGITS = 1_000
_NATIVE_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def cardinal(number: str) -> str:
    """Say a whole number in Sino-Korean: "15000" is 만오천, "100000000" is 일억.

    Raises:
        TextError: it has more than 1,000 digits.
    """
    if len(number) > _MAX_DIGITS:
        raise TextError(
            f"a number of {len(number)} digits, beginning with {number[:20]}: at most "
            f"{_MAX_DIGITS:,} can be spoken; write it in parts"
        )
    if (number.startswith("0") and len(number) > 1) or len(number) > 4 * len(_MYRIADS):
        return digits(number)
    if int(number) == 0:
        return "영"
    words: list[str] = []
    padded = number.zfill(-(-len(number) // 4) * 4)
    groups = [padded[i : i + 4] for i in range(0, len(padded), 4)]
    for power, group in zip(range(len(groups) - 1, -1, -1), groups, strict=True):
        said = _group(group)
        if not said:
            continue
        if said == "일" and power == 1 and not words:
            said = ""  # 10000 is 만, but 100000000 is 일억
        words.append(said + _MYRIADS[power])
    return "".join(words)


def _group(group: str) -> str:
    """Say up to four digits; 1 is silent before 십, 백 and 천."""
    words: list[str] = []
    for power, digit in zip((3, 2, 1, 0), group, strict=True):
        if digit != "0":
            words.append(("" if digit == "1" and power else _DIGITS[int(digit)]) + _TENS[power])
    return "".join(words)


def digits(number: str, *, zero: str = "공") -> str:
    """Say digits one by one; `zero` is 공 in codes, 영 behind a decimal point."""
    return "".join(zero if digit == "0" else _DIGITS[int(digit)] for digit in number)


def native(number: int) -> str:
    """Say 1 to 99 in native Korean, as before a counter: 한, 두, 스무, 스물한."""
    if number == 20:  # noqa: PLR2004 스물 alone is 스무 before a counter
        return "스무"
    tens, ones = divmod(number, 10)
    return _NATIVE_TENS[tens] + _NATIVE_ONES[ones]


def spoken_number(number: str) -> str:
    """Say a number that may have a decimal point: 3.14 is 삼점일사.

    Raises:
        TextError: it has more than 1,000 digits.
    """
    whole, point, decimals = number.partition(".")
    if not point:
        return cardinal(whole)
    if len(decimals) > _MAX_DIGITS:
        cardinal(decimals)
    return f"{cardinal(whole)}점{digits(decimals, zero='영')}"
