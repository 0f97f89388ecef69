"""Numbers, dates, times and money in characters, as they are said in Chinese and Japanese."""
# ruff: noqa: PLR2004, SIM905 - numbers are the subject; a word list

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["KINDS", "cardinal", "speak"]

_DIGITS = {"zh": "零一二三四五六七八九", "ja": "〇一二三四五六七八九"}
_PLACES = ("", "十", "百", "千")
_HALF_DAYS = {"zh": ("上午", "下午", "早上", "晚上"), "ja": ("午前", "午後", "朝", "夜")}

KINDS = frozenset(
    "cardinal small digit digits3 digits7 digits8 decimal year month day time money".split()
)
"""What a template may ask to be spoken."""


def cardinal(value: int, language: str) -> str:
    """Write `value` (1 to 99,999,999) in characters.

    >>> cardinal(10_305, "zh"), cardinal(10_305, "ja")
    ('一万零三百零五', '一万三百五')
    """
    high, low = divmod(value, 10_000)
    if not high:
        words = _below_ten_thousand(low, language)
        return words.removeprefix("一") if words.startswith("一十") else words
    gap = "零" if language == "zh" and 0 < low < 1000 else ""
    rest = gap + _below_ten_thousand(low, language) if low else ""
    return f"{cardinal(high, language)}万{rest}"


def _below_ten_thousand(value: int, language: str) -> str:
    words = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if not digit:
            gap = True
            continue
        if gap and words and language == "zh":
            words += "零"
        gap = False
        one_unsaid = language == "ja" and digit == 1 and place > 0
        words += ("" if one_unsaid else _DIGITS[language][digit]) + _PLACES[place]
    return words


def speak(kind: str, language: str, random: np.random.Generator) -> str:
    """Draw one spoken item of `kind` (one of `KINDS`).

    Raises:
        KeyError: `kind` is not one of `KINDS`.
    """
    drawn: dict[str, Callable[[], str]] = {
        "cardinal": lambda: cardinal(_below(random, 100, 20_000), language),
        "small": lambda: cardinal(_below(random, 3, 100), language),
        "digit": lambda: _digits(random, 1, language),
        "digits3": lambda: _digits(random, 3, language),
        "digits7": lambda: f"{_digits(random, 3, language)}の{_digits(random, 4, language)}",
        "digits8": lambda: _digits(random, 8, language),
        "decimal": lambda: _decimal(random, language),
        "year": lambda: _year(random, language),
        "month": lambda: cardinal(_below(random, 1, 13), language),
        "day": lambda: cardinal(_below(random, 1, 32), language),
        "time": lambda: _time(random, language),
        "money": lambda: _money(random, language),
    }
    return drawn[kind]()


def _below(random: np.random.Generator, low: int, high: int) -> int:
    return int(random.integers(low, high))


def _digits(random: np.random.Generator, count: int, language: str) -> str:
    return "".join(_DIGITS[language][_below(random, 1, 10)] for _ in range(count))


def _decimal(random: np.random.Generator, language: str) -> str:
    point = "点"
    return cardinal(_below(random, 1, 60), language) + point + _digits(random, 1, language)


def _year(random: np.random.Generator, language: str) -> str:
    year = _below(random, 1901, 2060)
    if language == "zh":
        return "".join(_DIGITS["zh"][int(digit)] for digit in str(year))
    return cardinal(year, language)


def _time(random: np.random.Generator, language: str) -> str:
    half_day = str(random.choice(_HALF_DAYS[language]))
    hour, minute = _below(random, 1, 13), 5 * _below(random, 0, 12)
    if language == "zh":
        hours = "两" if hour == 2 else cardinal(hour, "zh")
        minutes = (
            "整" if minute == 0 else "零五分" if minute == 5 else cardinal(minute, "zh") + "分"
        )
        return f"{half_day}{hours}点{'半' if minute == 30 else minutes}"
    minutes = "" if minute == 0 else "半" if minute == 30 else cardinal(minute, "ja") + "分"
    return f"{half_day}{cardinal(hour, 'ja')}時{minutes}"


def _money(random: np.random.Generator, language: str) -> str:
    if language == "ja":
        return cardinal(10 * _below(random, 5, 2_000), "ja") + "円"
    yuan = cardinal(_below(random, 3, 3_000), "zh") + "块"
    return yuan + (cardinal(_below(random, 1, 10), "zh") if random.random() < 0.3 else "钱")
