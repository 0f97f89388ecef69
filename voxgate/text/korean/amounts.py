"""Money and measures: their signs become words behind the number."""

from __future__ import annotations

import re
from collections.abc import Callable

from voxgate.text.korean.numerals import spoken_number
from voxgate.text.korean.syllables import split

__all__ = ["CURRENCIES", "UNITS", "speak_money", "speak_units"]

CURRENCIES = {
    "$": "달러",
    "€": "유로",
    "£": "파운드",
    "¥": "엔",
    "￥": "엔",
    "₩": "원",
    "￦": "원",
    "₽": "루블",
    "₹": "루피",
    "฿": "밧",
    "HK$": "홍콩달러",
    "US$": "달러",
    "NT$": "대만달러",
    "A$": "호주달러",
    "C$": "캐나다달러",
    "S$": "싱가포르달러",
    "R$": "헤알",
    "USD": "달러",
    "EUR": "유로",
    "GBP": "파운드",
    "JPY": "엔",
    "CNY": "위안",
    "RMB": "위안",
    "HKD": "홍콩달러",
    "TWD": "대만달러",
    "KRW": "원",
    "AUD": "호주달러",
    "CAD": "캐나다달러",
    "CHF": "스위스프랑",
    "SGD": "싱가포르달러",
    "INR": "루피",
    "RUB": "루블",
    "THB": "밧",
    "MOP": "파타카",
}
_HUNDREDTHS = {"달러": "센트", "유로": "센트", "파운드": "펜스"}

UNITS = {
    "km/h": "킬로미터",
    "m/s": "미터",
    "km²": "제곱킬로미터",
    "m²": "제곱미터",
    "cm²": "제곱센티미터",
    "mm²": "제곱밀리미터",
    "m³": "세제곱미터",
    "cm³": "세제곱센티미터",
    "mm³": "세제곱밀리미터",
    "km": "킬로미터",
    "cm": "센티미터",
    "mm": "밀리미터",
    "μm": "마이크로미터",
    "nm": "나노미터",
    "m": "미터",
    "kg": "킬로그램",
    "mg": "밀리그램",
    "μg": "마이크로그램",
    "g": "그램",
    "mL": "밀리리터",
    "ml": "밀리리터",
    "dl": "데시리터",
    "dL": "데시리터",
    "cc": "시시",
    "L": "리터",
    "l": "리터",
    "ℓ": "리터",
    "kWh": "킬로와트시",
    "Wh": "와트시",
    "kW": "킬로와트",
    "MW": "메가와트",
    "mW": "밀리와트",
    "W": "와트",
    "kV": "킬로볼트",
    "mV": "밀리볼트",
    "V": "볼트",
    "mAh": "밀리암페어시",
    "mA": "밀리암페어",
    "A": "암페어",
    "kHz": "킬로헤르츠",
    "MHz": "메가헤르츠",
    "GHz": "기가헤르츠",
    "Hz": "헤르츠",
    "KB": "킬로바이트",
    "kB": "킬로바이트",
    "MB": "메가바이트",
    "GB": "기가바이트",
    "TB": "테라바이트",
    "Mbps": "메가비피에스",
    "Gbps": "기가비피에스",
    "kbps": "킬로비피에스",
    "°C": "도",
    "°F": "도",
    "°": "도",
    "dB": "데시벨",
    "hPa": "헥토파스칼",
    "kPa": "킬로파스칼",
    "Pa": "파스칼",
    "kcal": "킬로칼로리",
    "cal": "칼로리",
    "kJ": "킬로줄",
    "J": "줄",
    "min": "분",
    "ms": "밀리초",
    "s": "초",
    "h": "시간",
    "ha": "헥타르",
    "t": "톤",
    "rpm": "알피엠",
    "fps": "에프피에스",
    "px": "픽셀",
    "pt": "포인트",
    "ppm": "피피엠",
    "bpm": "비피엠",
    "%p": "퍼센트포인트",
    "%": "퍼센트",
    "‰": "퍼밀",
}
_BEFORE_NUMBER = {"km/h": "시속 ", "m/s": "초속 ", "°F": "화씨 "}

_NUMBER = r"\d+(?:\.\d+)?"
_MYRIAD = "(?: ?[십백천]?[만억조]| ?[천백])?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
_MONEY = re.compile(
    rf"(?P<before>(?<![A-Za-z])(?:{_SIGN})) "
    rf"?(?P<first>{_NUMBER})(?P<first_myriad>{_MYRIAD})(?![\d])"
    rf"|(?P<second>{_NUMBER})(?P<second_myriad>{_MYRIAD}) ?(?P<behind>{_SIGN})(?![A-Za-z])"
)
_PARTICLE = re.compile("(?P<particle>으로|[을를은는과와이가로])(?![가-힣])")
_PARTICLES = (("을", "를"), ("은", "는"), ("과", "와"), ("이", "가"), ("으로", "로"))
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_MEASURE = re.compile(
    rf"(?P<degrees>영하 |영상 |섭씨 |화씨 |시속 |초속 )?(?P<minus>(?<![\w)\]가-힣])[-−] ?)?"
    rf"(?P<number>{_NUMBER})(?P<gap>{_MYRIAD} ?)(?P<unit>{_UNIT})(?![A-Za-z²³])"
)
_BELOW_ZERO = re.compile(
    rf"(?P<word>영하 ?)?(?<![\w)\]])[-−] ?(?P<number>{_NUMBER})(?= ?도(?!시|로|착|움|전|면|서|교))"
)
_CALIBRATED = re.compile(rf"(?<![\w.])(?P<unit>{_UNIT})당(?![가-힣])")
_PER = re.compile(
    r"(?<=[가-힣]) ?/ ?(?P<unit>kg|g|L|l|ml|mL|m²|m³|km|cm|h|min|s|ha|t|kWh)(?![A-Za-z])"
)


def speak_money(text: str) -> str:
    """Put the name of the money behind the amount: $20 is 20달러, $19.99 19달러 99센트."""
    return _with_particles(_MONEY, _amount, text)


def _with_particles(
    pattern: re.Pattern[str], say: Callable[[re.Match[str]], str], text: str
) -> str:
    """Replace matches, and let the particle behind them agree: $100을 is 백달러를."""
    pieces, place = [], 0
    for match in pattern.finditer(text):
        said = say(match)
        pieces += [text[place : match.start()], said]
        place = match.end()
        if found := _PARTICLE.match(text, place):
            pieces.append(_agreeing(found["particle"], said[-1]))
            place = found.end()
    return "".join((*pieces, text[place:]))


def _agreeing(particle: str, last: str) -> str:
    tail = split(last).tail
    for closed, opened in _PARTICLES:
        if particle in (closed, opened):
            return opened if not tail or (opened == "로" and tail == "ㄹ") else closed
    return particle


def _amount(match: re.Match[str]) -> str:
    name = CURRENCIES[match["before"] or match["behind"]]
    number = match["first"] or match["second"]
    myriad = (match["first_myriad"] or match["second_myriad"] or "").strip()
    whole, _, hundredths = number.partition(".")
    if len(hundredths) == 2 and not myriad and name in _HUNDREDTHS:  # noqa: PLR2004
        cents = spoken_number(str(int(hundredths)))
        rest = f" {cents}{_HUNDREDTHS[name]}" if int(hundredths) else ""
        return f"{spoken_number(whole)}{name}{rest}"
    return f"{spoken_number(number)}{myriad}{name}"


def speak_units(text: str) -> str:
    """Name units behind numbers, and what is below zero: -5℃ is 영하 5도."""
    text = _BELOW_ZERO.sub(r"영하 \g<number>", text)
    text = _with_particles(_MEASURE, _measure, text)
    text = text.replace("°C", "도").replace("°F", "화씨")
    text = _PER.sub(lambda m: f" 퍼 {UNITS[m['unit']]}", text)
    return _CALIBRATED.sub(lambda m: f"{UNITS[m['unit']]}당", text)


def _measure(match: re.Match[str]) -> str:
    unit, said = match["unit"], match["degrees"] or ""
    before = _BEFORE_NUMBER.get(unit, "")
    if before.strip() and before.strip() not in said:
        said += before
    if match["minus"]:
        below = UNITS[unit] == "도"
        said += ("" if "영하" in said else "영하 ") if below else "마이너스 "
    number = match["number"] if unit == "h" else spoken_number(match["number"])
    return f"{said}{number}{match['gap']}{UNITS[unit]}"
