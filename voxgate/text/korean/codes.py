"""Digits that are said one by one: telephone, account and other numbers of a code."""

from __future__ import annotations

import re

from voxgate.text.korean.numerals import digits

__all__ = ["speak_codes"]

_AREA = r"(?:\+82[- ]?\(?0?\)?\d{1,2}|0\d{1,3})"
_TELEPHONE = re.compile(
    rf"(?<![\d.,\-])(?P<area>\({_AREA}\) ?|{_AREA}\)? ?[-.) ] ?)(?P<middle>\d{{3,4}}) ?[-. ] "
    rf"?(?P<last>\d{{4}})(?![\d.]\d|\d|-\d)"
)
_SERVICE = re.compile(r"(?<![\d.,\-])(?P<first>1[3-9]\d\d) ?- ?(?P<last>\d{4})(?![\d\-])")
_SPACED_SERVICE = re.compile(
    r"(?<![\d.,\-])(?P<first>15(?:22|33|44|66|77|88|99)|16(?:00|11|22|33|44|55|61|66|70|77|88|99)"
    r"|18(?:00|11|22|33|55|66|77|99))"
    r" (?P<last>\d{4})(?![\d\-]|년)"
)
_MOBILE = re.compile(r"(?<![\d.,\-])01[016789]\d{7,8}(?![\d.]\d|\d)")
_GROUPS = re.compile(
    r"(?<![\d.,\-])\d{2,7}(?:-\d{2,8}){2,5}(?![\d\-])|(?<![\d.,\-])\d{6}-\d{7}(?!\d)"
)
_EMERGENCY = re.compile(
    r"(?<![\d.,\-])(?:112|113|114|117|118|119|120|122|125|128|129|911|1339|1330|1388|1345)"
    r"(?= ?(?:에 (?:신고|전화|연락|문의)|로 (?:신고|전화|연락|문의)|으로 (?:신고|전화|연락|문의)"
    r"|구급|구조|신고|상황실|대원|"
    r"콜센터|안전센터|소방|번으로|번에 (?:신고|전화)|를 (?:불|부)|을 (?:불|부)))"
)
_NAMED = re.compile(
    r"(?P<name>(?:번호|비번|암호|코드|계좌|학번|군번|사번|도메인|핀)(?:는|은|가|이|를|을)?[:：]? "
    r"?(?:현재 |바로 |각각 )?)"
    r"(?P<digits>\d{3,})(?![\d,.]*\d| ?(?:개|명|자리|번째|년|원|만|억|번 버스))"
)
_LEADING_ZERO = re.compile(
    r"(?<![\d.,:\-/])0\d+(?![\d:]|[.,]\d|[/\-]\d)(?! ?(?:시|분|초|월|일|년)(?![가-힣]{2}))"
)
_DASHED = re.compile(r"(?<![\d.,\-])(\d{1,5})-(\d{1,4})(?= ?(?:번지|호|번길))")
_BUS = re.compile(r"(?<![\d.,\-])(\d{1,4})-(\d{1,2})(?=번)")
_EVENTS = re.compile(
    r"(?<![\d.·])(?P<month>1|3|4|5|6|7|8|9|10|12)(?P<mark>[.·]) ?(?P<day>1|3|4|5|10|11|12|15|16|18"
    r"|19|25|26|29)(?![\d.·])"
    r"(?! ?(?:학년|위|호|층|분기|차|번|월|등|급|부|반|권|장|조|항|동|구|%|점|배|도|명|개))"
)
_HISTORIC = frozenset(
    "1·4 3·1 4·3 4·19 5·16 5·18 6·10 6·15 6·25 6·29 7·4 8·15 9·11 10·4 10·26 12·3 12·12".split()
)
_EVENT_AHEAD = re.compile(
    " ?(?:절|전쟁|사변|사태|혁명|운동|민주|항쟁|광복|쿠데타|선언|만세|의거|참사|정상|남침|기념"
    "|묘지|참전|동란|정신|테러|때|당시|계엄|비상)"
)
_OLYMPICS = re.compile(
    r"(?<!\d)'?(\d\d(?=올림픽|학번)|[3-6]86(?=세대)|38(?=선)|88(?=고속도로)|7080|8090)(?!\d)"
)
_SHORT_YEAR = re.compile(r"(?<![\w'])'(\d\d)(?=년|년도)")


def speak_codes(text: str) -> str:
    """Say digits one by one where they are a code; 0 is 공, and a hyphen stays as a short pause."""
    text = _TELEPHONE.sub(_telephone, text)
    for pattern in (_SERVICE, _SPACED_SERVICE):
        text = pattern.sub(lambda m: f"{digits(m['first'])}-{digits(m['last'])}", text)
    text = _MOBILE.sub(lambda m: digits(m.group()), text)
    text = _GROUPS.sub(_groups, text)
    text = _EVENTS.sub(_event, text)
    text = _EMERGENCY.sub(lambda m: digits(m.group()), text)
    text = _NAMED.sub(lambda m: m["name"] + digits(m["digits"]), text)
    text = _OLYMPICS.sub(lambda m: digits(m[1]), text)
    text = _SHORT_YEAR.sub(r"\1", text)
    text = _DASHED.sub(r"\1 다시 \2", text)
    text = _BUS.sub(_bus, text)
    return _LEADING_ZERO.sub(lambda m: digits(m.group()), text)


def _bus(match: re.Match[str]) -> str:
    first, second = match.groups()
    return f"{first} 다시 {second}" if int(second) <= int(first) else match.group()


def _event(match: re.Match[str]) -> str:
    """Say the days that history goes by: 6·25 육이오, 12·12 십이십이."""
    month, day = match["month"], match["day"]
    dotted = match["mark"] == "." and not _EVENT_AHEAD.match(match.string, match.end())
    if f"{month}·{day}" not in _HISTORIC or dotted:
        return match.group()
    whole = {"10": "십", "12": "십이"}
    return whole.get(month, digits(month)) + whole.get(day, digits(day))


def _telephone(match: re.Match[str]) -> str:
    area = re.sub(r"\D", "", match["area"])
    prefix = ""
    if "+" in match["area"]:
        prefix, area = "플러스 팔이-", area.removeprefix("82")
    return f"{prefix}{digits(area)}-{digits(match['middle'])}-{digits(match['last'])}"


def _groups(match: re.Match[str]) -> str:
    groups = match.group().split("-")
    if _is_date(groups):
        return match.group()
    return "-".join(map(digits, groups))


def _is_date(groups: list[str]) -> bool:
    return (
        len(groups) == 3  # noqa: PLR2004 year, month, day
        and len(groups[0]) in (2, 4)
        and 1 <= int(groups[1]) <= 12  # noqa: PLR2004
        and 1 <= int(groups[2]) <= 31  # noqa: PLR2004
        and len(groups[2]) <= 2  # noqa: PLR2004
    )
