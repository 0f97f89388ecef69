"""Dates, times of day, and the scores and ratios that look like them."""

from __future__ import annotations

import re

__all__ = ["speak_dates", "speak_months", "speak_times"]

_DATE = re.compile(
    r"(?<![\d.\-/])(?P<year>(?:1[5-9]|2[01])\d\d) ?(?P<mark>[-./]) ?(?P<month>0?[1-9]|1[0-2]) "
    r"?(?P=mark) ?"
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?![\d/])(?!\.\d)(?:(?P=mark)(?=\s*(?:[(가-힣]|$)))?"
)
_SHORT_DATE = re.compile(
    r"(?<![\d.\-/])'?(?P<year>\d\d)(?P<mark>[-./])(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>3[01]"
    r"|[12]\d|0[1-9])(?![\d./])"
)
_APOSTROPHE_DATE = re.compile(
    r"(?<![\w'])'(?P<year>\d\d)[./](?P<month>0?[1-9]|1[0-2])[./](?P<day>3[01]|[12]\d"
    r"|0?[1-9])(?![\d./])"
)
_PADDED = re.compile(
    r"(?<![\d.\-/])(?=0\d|\d\d/0)(?P<month>0[1-9]|1[0-2])/(?P<day>0[1-9]|[12]\d|3[01])(?![\d/]"
    r"|\.\d)"
)
_YEAR_MONTH = re.compile(
    r"(?<![\d.\-/])(?P<year>(?:19|20)\d\d)[-./](?P<month>0[1-9]"
    r"|1[0-2])(?![\d\-/])(?!\.\d)(?=\.?(?: ?[~가-힣)]|$))"
)
_MONTH_DAY = re.compile(
    r"(?<![\d.\-/])(?P<month>0?[1-9]|1[0-2]) ?[./] ?(?P<day>3[01]|[12]\d|0?[1-9])\.? "
    r"?\((?P<weekday>[월화수목금토일])(?:요일)?\)"
)
_WEEKDAY = re.compile(r"(?<=일) ?\((?P<weekday>[월화수목금토일])(?:요일)?\)")
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d"
    r"|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?!\.\d)"
)
_RATIO = re.compile(r"(?<![\d.:])(\d+(?:\.\d+)?) ?: ?(\d+(?:\.\d+)?)(?![\d]|:\d)")
_HYPHEN_SCORE = re.compile(r"(?<![\d.\-])(\d{1,3}) ?- ?(\d{1,3})(?![\d\-])(?!\.\d)")
_TRIPLE = re.compile(r"(?<![\d.:])(\d+):(\d+):(\d+)(?![\d:])")
_SCORE_AFTER = re.compile(
    " ?(?:으?로 ?(?:이|승|패|졌|지|진|앞|끝|역전|꺾|누르|눌|완승|완파|비|뒤|제압|대파|리드|마"
    "|우승|섞|희석|나누|나눠|배합)|의? ?비율|비율|"
    "의? ?(?:스코어|점수|승리|무승부|역전|패배)|정도로 (?:이|섞)|씩 섞)"
)
_SCORE_BEFORE = re.compile(
    r"(?:비율[은이을]?|비는|스코어[는가]?|점수[는가]?|축척[은]?|화면비[는가]?|대결) ?$"
)
_JUNE = re.compile(r"(?<!\d)0?6(?= ?월(?!\w*간지))")
_OCTOBER = re.compile(r"(?<!\d)10(?= ?월)")
_MONTH_PAIR = re.compile(r"(?<!\d)(\d{1,2}) ?[·,] ?(\d{1,2})(?=월)")


def speak_dates(text: str) -> str:
    """Write dates of digits with 년, 월 and 일."""
    text = _DATE.sub(_date, text)
    text = _SHORT_DATE.sub(_date, text)
    text = _APOSTROPHE_DATE.sub(_date, text)
    text = _PADDED.sub(lambda m: f"{int(m['month'])}월 {int(m['day'])}일", text)
    text = _MONTH_DAY.sub(
        lambda m: f"{int(m['month'])}월 {int(m['day'])}일 {m['weekday']}요일", text
    )
    text = _YEAR_MONTH.sub(lambda m: f"{m['year']}년 {int(m['month'])}월", text)
    return _WEEKDAY.sub(r" \g<weekday>요일", text)


def _date(match: re.Match[str]) -> str:
    return f"{match['year']}년 {int(match['month'])}월 {int(match['day'])}일"


def speak_times(text: str) -> str:
    """Tell 3:20 (a time) from 3:2 and 21:15로 이겼다 (대)."""
    text = _HYPHEN_SCORE.sub(_score, text)
    text = _TRIPLE.sub(_triple, text)
    text = _TIME.sub(_time, text)
    return _RATIO.sub(r"\1 대 \2", text)


def _score(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 10) : match.start()]
    after = _SCORE_AFTER.match(match.string, match.end())
    if after or _SCORE_BEFORE.search(before):
        return f"{match[1]} 대 {match[2]}"
    return match.group()


def _triple(match: re.Match[str]) -> str:
    if _TIME.fullmatch(match.group()):
        return match.group()
    return " 대 ".join(match.groups())


def _time(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 10) : match.start()]
    if match["second"] is None and (
        _SCORE_AFTER.match(match.string, match.end()) or _SCORE_BEFORE.search(before)
    ):
        return match.group()
    said = f"{int(match['hour'])}시"
    if int(match["minute"]) or match["second"]:
        said += f" {int(match['minute'])}분"
    if match["second"]:
        said += f" {int(match['second'])}초"
    return said


def speak_months(text: str) -> str:
    """Say June and October as they are said: 유월, 시월."""
    text = _MONTH_PAIR.sub(r"\1월, \2", text)
    return _OCTOBER.sub("시", _JUNE.sub("유", text))
