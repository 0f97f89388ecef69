"""Dates, times and telephone numbers: numbers whose parts a sign joins."""

from __future__ import annotations

import re

from voxgate.text.japanese.numbers import digit_by_digit

__all__ = ["speak_dates", "speak_telephones", "speak_times"]

_END = r"(?![\d/.:-])"
_START = r"(?<![\d/.:A-Za-z-])"
_YEAR_MONTH_DAY = re.compile(
    rf"{_START}(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=sign)"
    rf"(?P<day>0?[1-9]|[12]\d|3[01])(?![\d/:-])(?!\.\d)"
)
_YEAR_MONTH = re.compile(rf"{_START}(?P<year>(?:19|20)\d\d)/(?P<month>0?[1-9]|1[0-2]){_END}")
_MONTH_DAY = re.compile(
    rf"{_START}(?P<month>0?[1-9]|1[0-2])/(?P<day>0?[1-9]|[12]\d|3[01])(?![\d/:-])(?!\.\d)"
)
_WEEKDAY = re.compile(r"\s?[（]?[月火水木金土日祝][）曜]")
_ABOUT_DAYS = re.compile(
    r"(?:締切|締め切り|期限|日程|日付|日時|期間|開催|発売|予定)[はが:、 ]?\s?$"
)
_DAY_FOLLOWS = re.compile(
    r"\s?(?:に|から|まで|〜|開催|発売|締切|締め切り|必着|頃|ごろ|現在|付|以降|の(?:朝|昼|夜|夕方|午|予定|会議))"
)
_DAY_OF_WEEK = re.compile(r"(?<=日|\d)(\s?（[月火水木金土日])(）)")
_LEADING_ZERO = re.compile(r"(?<![\d.])0(\d)(?=[月日時分秒])")
_LARGEST_DENOMINATOR = 10

_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-9])[:](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
    r"(?P<half>\s?[ap]\.?m\.?(?![A-Za-z]))?",
    re.IGNORECASE,
)
_SCORE_BEFORE = re.compile(
    r"(?:スコア|得点|比率|割合|縦横比|アスペクト比|縮尺|セット)[はがを]?\s?$"
)
_SCORE_AFTER = re.compile(
    r"\s?(?:で|と)?(?:勝|敗|負|リード|逆転|下し|破|の比|の割合|の縮尺|の画面)"
)

_TELEPHONE = re.compile(
    r"(?<![\d.-])(?:\+(?P<country>\d{1,3})[- ]?)?"
    r"(?P<number>0\d{1,4}[-（]\d{1,4}[-）]\d{3,4}|0\d{9,10}|\d{2,4}-\d{3,4}-\d{3,4}"
    r"|（0\d{1,4}）\s?\d{1,4}-\d{3,4})(?![\d-])"
)
_ABROAD = re.compile(r"(?<![\d.-])\+(\d{1,3})((?:-\d{1,5}){2,4})(?![\d-])")
_POST_CODE = re.compile(r"(?<![\d-])(郵便番号は?\s?)?(\d{3})-(\d{4})(?![\d-])")
_CALLED = re.compile(
    r"(?P<label>(?:電話番号|内線|番号|暗証番号|パスワード|コード|会員番号|口座番号|電話)(?:は|[:：]|\s)?\s?)"
    r"(?P<digits>\d{3,})(?![\d.,万億兆千百年月日円個人本回])"
)


def speak_dates(text: str) -> str:
    """Speak 2024-05-01, 2024/5/1, 2024.5.1, 2024/5, 5/1(水) and 12/25."""
    text = _YEAR_MONTH_DAY.sub(lambda m: f"{m['year']}年{int(m['month'])}月{int(m['day'])}日", text)
    text = _YEAR_MONTH.sub(lambda m: f"{m['year']}年{int(m['month'])}月", text)
    text = _MONTH_DAY.sub(_month_day, text)
    return _LEADING_ZERO.sub(r"\1", _DAY_OF_WEEK.sub(r"\1曜日\2", text))


def _month_day(match: re.Match[str]) -> str:
    """Tell a day from a fraction: 12/25 and 5/1(水) are days, 1/2 and 3/4 are not."""
    month, day = int(match["month"]), int(match["day"])
    before = match.string[max(0, match.start() - 8) : match.start()]
    after = match.string[match.end() : match.end() + 8]
    is_day = (
        month >= day
        or day > _LARGEST_DENOMINATOR
        or _WEEKDAY.match(after)
        or _ABOUT_DAYS.search(before)
        or _DAY_FOLLOWS.match(after)
    )
    return f"{month}月{day}日" if is_day else match.group()


def speak_times(text: str) -> str:
    """Speak 22:45, 7:00 and 6:00:30; "21:19で勝つ" is a score, as is 3:2."""
    return _TIME.sub(_time, text)


def _time(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 8) : match.start()]
    after = match.string[match.end() : match.end() + 8]
    if _SCORE_BEFORE.search(before) or _SCORE_AFTER.match(after):
        return match.group()
    half = (match["half"] or "").strip().lower()
    spoken = (
        "午前" if half.startswith("a") else "午後" if half else ""
    ) + f"{int(match['hour'])}時"
    if int(match["minute"]) or match["second"]:
        spoken += f"{int(match['minute'])}分"
    if match["second"]:
        spoken += f"{int(match['second'])}秒"
    return spoken


def speak_telephones(text: str) -> str:
    """Say telephone numbers and post codes digit by digit, with a pause between their groups."""
    text = _ABROAD.sub(lambda m: f"プラス{digit_by_digit(m[1])}、{_groups(m[2].strip('-'))}", text)
    text = _TELEPHONE.sub(
        lambda m: (
            (f"プラス{digit_by_digit(m['country'])}、" if m["country"] else "")
            + _groups(m["number"])
        ),
        text,
    )
    text = _POST_CODE.sub(lambda m: f"{m[1] or ''}{_groups(f'{m[2]}-{m[3]}')}", text)
    return _CALLED.sub(lambda m: m["label"] + digit_by_digit(m["digits"]), text)


def _groups(written: str) -> str:
    return "、".join(digit_by_digit(group) for group in re.findall(r"\d+", written))
