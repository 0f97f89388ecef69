"""Say dates, years and decades; a number of years that is a length of time is left alone."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import say_cardinal, say_digits
from voxgate.text.han.vocabulary import DURATION_AFTER, DURATION_BEFORE, alternatives
from voxgate.text.han.wording import Wording

__all__ = ["speak_dates", "speak_years"]

_TO = r"\s*(?:-|–|—{1,2}|~|到|至)\s*"
_MONTH, _DAY = r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"
_WRITTEN = re.compile(
    rf"(?<![\d.,/-])([12]\d{{3}})([-/.]){_MONTH}\2{_DAY}(?![\d/]|[-.]\d)[日号號]?(?:T(?=\d\d:))?"
)
_YEAR_AND_MONTH = re.compile(
    r"(?<![\d.,/-])((?:19|20)\d\d)([-/.])(0[1-9]|1[0-2])(?![\d/年月]|[-.]\d)月?"
)
_DAYS = re.compile(
    rf"(?<![\d.,])(?:(\d{{1,2}})月(?:份)?\s*)?{_DAY}(?:{_TO}{_DAY})?\s*(?=[日号號](?!线|線|楼|樓|院|文|码|碼))"
)
_BETWEEN_DATES = re.compile(r"(?<=[日号號月年点點分])\s*(?:-|–|—{1,2}|~)\s*(?=\d)")
_MONTHS = re.compile(rf"(?<![\d.,]){_MONTH}(?:{_TO}{_MONTH})?(?=月)")
_YEAR_SPAN = re.compile(rf"(?<![\d.,])((?:1\d|20)\d\d)年?({_TO})((?:1\d|20)?\d\d)(?=年(?!代))")
_TWO_YEARS = re.compile(
    rf"(?<![\d.,])((?:19|20)\d\d)({_TO})((?:19|20)\d\d)(?![\d.,年]|[-/.]\d)(?=学年|學年|财年|財年|赛季|賽季|年度)"
)
_DECADE = re.compile(
    r"(?<![\d.,第])(\d{2}|[12]\d{3})(年代|[后後](?!来|來|天|期|面|年|月|日|小|分|秒|的))"
)
_YEAR = re.compile(r"(?<![\d.,])(\d{1,4})(?=年(?!级|級|代))")
_MODEL_YEAR = re.compile(
    r"(?<![\d.,第])((?:19|20)\d\d)(?=(?:[级級届屆款版秋春]|财年|財年|学年|學年|赛季|賽季)(?!分))"
)
_ERA = re.compile(r"(?:公元|西元|公元前|西元前|纪元|紀元)前?\s?$")
_LASTING = re.compile(rf"(?:{alternatives(DURATION_BEFORE)})$")
_OLD = re.compile(rf"年(?:{alternatives(DURATION_AFTER)})")
_SHORT_YEAR_AFTER = re.compile(
    r"年(?:(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?!份?[，。]?利)|初|底|末|春|夏|秋|冬|生|出生|入学|毕业|入學|畢業|入伍|"
    r"的?(?:世界杯|奥运|奧運|亚运|欧洲杯)|[产產]|属|次贷|金融危机|汶川)"
)
_WINDOW = 6
_FIRST_SHORT_YEAR = 40
_LATEST_YEAR = 2100
_CENTURY = 100
_MILLENNIUM = 1000
_FOUR = 4


def speak_dates(text: str, wording: Wording) -> str:
    """Say 2025-11-28, 1998/07/16, 2024.05.01, 3月5-8日, 1-2月; years behind them stay digits."""

    def written(match: re.Match[str]) -> str:
        year, _, month, day = match.groups()
        return (
            f"{say_digits(year, wording)}{wording.year}{_said(month, wording)}{wording.month}"
            f"{_said(day, wording)}{wording.day}"
        )

    def year_and_month(match: re.Match[str]) -> str:
        year, separator, month = match.groups()
        if separator == ".":
            return match.group()
        return f"{say_digits(year, wording)}{wording.year}{_said(month, wording)}{wording.month}"

    def days(match: re.Match[str]) -> str:
        month, first, last = match.groups()
        said = "" if month is None else f"{_said(month, wording)}月"
        said += _said(first, wording)
        return said + (f"{wording.to}{_said(last, wording)}" if last else "")

    def months(match: re.Match[str]) -> str:
        first, last = match.groups()
        return _said(first, wording) + (f"{wording.to}{_said(last, wording)}" if last else "")

    text = _BETWEEN_DATES.sub(wording.to, text)
    text = _YEAR_AND_MONTH.sub(year_and_month, _WRITTEN.sub(written, text))
    return _MONTHS.sub(months, _DAYS.sub(days, text))


def _said(number: str, wording: Wording) -> str:
    return say_cardinal(number.lstrip("0") or "0", wording)


def speak_years(text: str, wording: Wording) -> str:
    """Say 2024年, 2020-2024年, 90年代, 00后 digit by digit; 15年 and 2000年的历史 are lengths."""

    def span(match: re.Match[str]) -> str:
        first, _, last = match.groups()
        return f"{say_digits(first, wording)}{wording.to}{say_digits(last, wording)}"

    def decade(match: re.Match[str]) -> str:
        number, behind = match.groups()
        said = say_digits(number, wording)
        if behind == "年代" and number[-2:] != "00" and number[-1] == "0":
            said = said[:-2] + say_cardinal(number[-2:], wording)
            said = said if len(number) == _FOUR - 2 else say_digits(number, wording)
        return said + behind

    def year(match: re.Match[str]) -> str:
        number = match.group(1)
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        after = text[match.end() : match.end() + _WINDOW + 2]
        return say_digits(number, wording) if _is_year(number, before, after) else number

    text = _TWO_YEARS.sub(span, _YEAR_SPAN.sub(span, text))
    text = _DECADE.sub(decade, text)
    text = _YEAR.sub(year, text)
    return _MODEL_YEAR.sub(lambda match: say_digits(match.group(1), wording), text)


def _is_year(number: str, before: str, after: str) -> bool:
    """Tell 2024年 from 2000年的历史, 公元208年 from 用了208年, 98年3月 from 等了98年."""
    if before.endswith("第") or _ERA.search(before):
        return not before.endswith("第")
    value = int(number)
    if len(number) == _FOUR:
        lasts = value % _CENTURY == 0 and _LASTING.search(before)
        if lasts or (value % _MILLENNIUM == 0 and _OLD.match(after)):
            return False
        return _MILLENNIUM < value < _LATEST_YEAR or value == 2 * _MILLENNIUM
    if len(number) == 2:  # noqa: PLR2004 the century left out
        return number[0] == "0" or (
            value >= _FIRST_SHORT_YEAR and bool(_SHORT_YEAR_AFTER.match(after))
        )
    return False
