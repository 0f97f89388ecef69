"""Say times of day: 8:30, 9:05, 6:00:30, 8:30-12:00."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import say_cardinal, say_counted
from voxgate.text.han.vocabulary import RATIO_NEAR, alternatives
from voxgate.text.han.wording import Wording

__all__ = ["speak_times"]

_HOUR, _MINUTE = r"(2[0-4]|1\d|0?\d)", r"([0-5]\d)"
_COLON = "[:：]"
_TIME = rf"{_HOUR}{_COLON}{_MINUTE}(?:{_COLON}{_MINUTE})?"
_TIMES = re.compile(
    rf"(?<![\d.,:：]){_TIME}(?:(\s*(?:-|–|—{{1,2}}|~|至|到)\s*){_TIME})?(?![\d]|[:：]\d|\.\d)"
)
_NEAR = re.compile(alternatives(RATIO_NEAR))
_SAID_HOUR = re.compile(
    r"(?<![\d.,])(0?\d|1\d|2[0-4])(?=[点點时時](?:\d{1,2}分|半|整|钟|鐘|[一三]刻))"
)
_SAID_MINUTE = re.compile(r"(?<=[点點时時])\d{1,2}(?=分)|(?<=分)\d{1,2}(?=秒)")
_HALF = 30
_WINDOW = 10


def speak_times(text: str, wording: Wording) -> str:
    """Say times; beside the words of a score, 21:15 is none."""

    def times(match: re.Match[str]) -> str:
        around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
        if match.group(3) is None and _NEAR.search(around):
            return match.group()
        first = _say_time(match.group(1), match.group(2), match.group(3), wording)
        if match.group(4) is None:
            return first
        last = _say_time(match.group(5), match.group(6), match.group(7), wording)
        between = match.group(4).strip()
        return f"{first}{between if between in '到至' else wording.to_clock}{last}"

    def minute(match: re.Match[str]) -> str:
        return say_cardinal(match.group().lstrip("0") or "0", wording)

    text = _TIMES.sub(times, text)
    text = _SAID_HOUR.sub(
        lambda match: say_counted(match.group(1).lstrip("0") or "0", wording), text
    )
    return _SAID_MINUTE.sub(minute, text)


def _say_time(hour: str, minute: str, second: str | None, wording: Wording) -> str:
    said = say_counted(hour.lstrip("0") or "0", wording) + wording.hour
    minutes, seconds = int(minute), int(second or 0)
    if minutes == _HALF and not second:
        return said + wording.half
    if minutes or seconds:
        said += _two_places(minutes, wording, after_hour=True) + wording.minute
    return said + (_two_places(seconds, wording) + wording.second if seconds else "")


def _two_places(number: int, wording: Wording, *, after_hour: bool = False) -> str:
    said = say_cardinal(str(number), wording)
    return wording.digits[0] + said if 0 < number < 10 and after_hour else said  # noqa: PLR2004
