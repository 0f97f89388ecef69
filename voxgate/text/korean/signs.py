"""Signs between and beside numbers: ranges, fractions, sums, comparisons; then the bare numbers."""

from __future__ import annotations

import re

from voxgate.text.korean.counters import COUNTERS
from voxgate.text.korean.numerals import cardinal, spoken_number
from voxgate.text.korean.syllables import is_hangul, split

__all__ = [
    "join_groups",
    "speak_arithmetic",
    "speak_fractions",
    "speak_numbers",
    "speak_ranges",
    "speak_signs",
    "speak_versions",
]

_NUMBER = r"\d+(?:\.\d+)?"
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,]*\d)")
_VERSION = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d])")
_COUNTER = "|".join(COUNTERS)
_UNIT_AHEAD = (
    r"(?= ?(?:%|℃|°|‰|[a-zA-Zμ]|[만억조천백십]|년|월|일|시|분|초|주|개|도|원|달러|유로|엔|위안|회"
    r"|차|층|호|쪽|페이지|세|위|등|점|"
    r"인|학년|장|조|평|리터|킬로|센티|밀리|미터|그램|퍼센트|배|번|세기|단계|권|절|항|급|동|반"
    r"|교시|라운드|승|패|박|단원|과|번지|"
    rf"정도|사이|이상|{_COUNTER}))"
)
_COUNTED_RANGE = re.compile(
    rf"(?<![\d.,\-])(?P<low>\d{{1,2}}) ?[~\-] ?(?P<high>\d{{1,2}}) ?(?P<counter>{_COUNTER})(?=$"
    rf"|[^가-힣]|[가-힣])"
)
_TILDE_RANGE = re.compile(r"(?<=[\d가-힣%)°C]) ?~ ?(?=[\-−]?\d|[$€£¥₩])")
_DEGREE_RANGE = re.compile(rf"({_NUMBER}) ?~ ?([-−]?{_NUMBER})(도|°C)")
_DAY_RANGE = re.compile(r"(?<=월 )(\d{1,2}) ?[~\-] ?(\d{1,2})일")
_MONTH_RANGE = re.compile(r"(?<![\d.,\-])(\d{1,2}) ?[~\-] ?(\d{1,2})월")
_WORD_RANGE = re.compile(
    r"(?<=[가-힣]) ?~ ?(?=(?:오전|오후|새벽|아침|저녁|정오|자정|밤|다음|이듬|익)[ 날해일]?\s?\d)"
    r"|(?<=[월화수목금토일])~(?=[월화수목금토일](?![가-힣]|요일)|[월화수목금토일]요일)"
    r"|(?<=[가-힣])~(?=[가-힣]+ ?(?:구간|노선|까지|고속도로|사이))"
)
_HYPHEN_RANGE = re.compile(rf"(?<![\d.,\-])({_NUMBER}) ?[-−—] ?({_NUMBER}){_UNIT_AHEAD}(?!\d)")
_DASH_WORDS = re.compile(r"(?<=\d[년월일시분초%회차층세]) ?[-—] ?(?=\d)")
_MIXED = re.compile(r"(?<![\d.,/])(\d+) (\d+)/(\d+)(?![\d./])")
_FRACTION = re.compile(r"(?<![\d./])(\d+) ?/ ?(\d+)(?![\d/]|\.\d)")
_ONE_PLUS_ONE = re.compile(
    r"(?<![\d+.])([12]) ?\+ ?1(?![\d+.])(?=$|[ ,.!?]? ?(?:행사|할인|이벤트|상품|증정|판매|제품"
    r"|쿠폰|로 |$))"
)
_ENGLISH = {"1": "원", "2": "투"}
_OPERAND = r"(?:[\d.]*\d|[)π²³])"
_PLUS = re.compile(r"(?<=[\d)π²³]) ?\+ ?(?=[\d(√π])")
_TIMES = re.compile(r"(?<=[\d)π²³]) ?[×*] ?(?=[\d(√π\-−])")
_INTO = re.compile(r"(?<=[\d)π²³]) ?÷ ?(?=[\d(√π\-−])")
_LESS = re.compile(r"(?<=[\d)π²³]) ?[-−] ?(?=[\d(√π])")
_SUM = re.compile(r"(?<![\d\-.()])[\d.()]+(?: ?[-−+×÷*/] ?[\d.()√π²³]+)+ ?(?==)")
_POWER = re.compile(r"(?<=[\dπ)])(?:([²³])|\^ ?(\d+))")
_COMPARE = re.compile(rf"(?P<left>{_NUMBER}|π) ?(?P<sign>[<>≤≥≠≈]) ?(?P<right>[-−]?{_NUMBER}|π)")
_LIMIT = re.compile(rf"(?P<sign>[<>≤≥]) ?(?P<number>{_NUMBER})(?P<unit>(?:[가-힣]{{1,8}})?)")
_LIMITS = {"<": "미만", ">": "초과", "≤": "이하", "≥": "이상"}
_COMPARISONS = {
    "<": "보다 작다",
    ">": "보다 크다",
    "≤": "보다 작거나 같다",
    "≥": "보다 크거나 같다",
}
_MINUS = re.compile(r"(?<![\w)\]\-])[-−] ?(?=\d)")
_POSITIVE = re.compile(r"(?<![\w)\]])\+ ?(?=\d)")
_PLUS_MINUS = re.compile(r" ?± ?(?=\d)")
_NUMBER_SIGN = re.compile(r"[#№] ?(?=\d)")
_ANY_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_EXPLICIT_ONE = re.compile(r"(?<![\d.])1(?=[만천백십](?![가-힣]*분의))")
_WORD_SIGNS = {
    "%": " 퍼센트 ",
    "‰": " 퍼밀 ",
    "+": " 플러스 ",
    "−": " 마이너스 ",
    "±": " 플러스마이너스 ",
    "×": " 곱하기 ",
    "÷": " 나누기 ",
    "*": " 별표 ",
    "=": " 는 ",
    "≠": " 같지 않다 ",
    "≈": " 약 ",
    "<": " 작다 ",
    ">": " 크다 ",
    "≤": " 작거나 같다 ",
    "≥": " 크거나 같다 ",
    "№": " 번호 ",
    "#": " 샵 ",
    "&": " 앤드 ",
    "@": " 골뱅이 ",
    "^": " 제곱 ",
    "√": " 루트 ",
    "π": " 파이 ",
    "∞": " 무한대 ",
    "²": " 제곱 ",
    "³": " 세제곱 ",
    "°": " 도 ",
    "μ": " 뮤 ",
    "$": " 달러 ",
    "€": " 유로 ",
    "£": " 파운드 ",
    "¥": " 엔 ",
    "₩": " 원 ",
    "₽": " 루블 ",
    "₹": " 루피 ",
    "฿": " 밧 ",
    "\\": " 역슬래시 ",
}
_SIGN = re.compile("[" + re.escape("".join(_WORD_SIGNS)) + "]")


def join_groups(text: str) -> str:
    """Take the commas of thousands out: 12,500 is one number."""
    return _GROUPED.sub(lambda match: match.group().replace(",", ""), text)


def speak_versions(text: str) -> str:
    """Say 점 between all parts of a version or an address: 2.10.3."""
    return _VERSION.sub(lambda m: "점".join(map(cardinal, m.group().split("."))), text)


def speak_ranges(text: str) -> str:
    """Say 에서 in ranges; a native counter is said twice: 3~5명 is 세명에서 다섯명."""
    text = _COUNTED_RANGE.sub(_counted_range, text)
    text = _DEGREE_RANGE.sub(r"\1\3에서 \2\3", text)
    text = _DAY_RANGE.sub(r"\1일에서 \2일", text)
    text = _MONTH_RANGE.sub(r"\1월에서 \2월", text)
    text = _WORD_RANGE.sub("에서 ", _TILDE_RANGE.sub("에서 ", text))
    text = _DASH_WORDS.sub("에서 ", text)
    return _HYPHEN_RANGE.sub(_hyphen_range, text)


def _counted_range(match: re.Match[str]) -> str:
    low, high, counter = match["low"], match["high"], match["counter"]
    if int(low) >= int(high):
        return match.group()
    return f"{low}{counter}에서 {high}{counter}"


def _hyphen_range(match: re.Match[str]) -> str:
    low, high = match.groups()
    return f"{low}에서 {high}" if float(low) < float(high) else match.group()


def speak_fractions(text: str) -> str:
    """Say the lower number first: 3/4 is 사분의 삼."""
    text = _MIXED.sub(lambda m: f"{m[1]}{_with(m[1])} {m[3]}분의 {cardinal(m[2])}", text)
    return _FRACTION.sub(lambda m: f"{m[2]}분의 {cardinal(m[1])}", text)


def speak_arithmetic(text: str) -> str:
    """Say sums and comparisons; `-` is a minus where an equation says so."""
    text = _ONE_PLUS_ONE.sub(lambda m: f"{_ENGLISH[m[1]]} 플러스 원", text)
    text = _SUM.sub(lambda m: _LESS.sub(" 빼기 ", m.group()).replace("/", " 나누기 "), text)
    text = _PLUS_MINUS.sub(" 플러스마이너스 ", text)
    text = _POWER.sub(_power, text)
    text = _PLUS.sub(" 더하기 ", text)
    text = _TIMES.sub(" 곱하기 ", text)
    text = _INTO.sub(" 나누기 ", text)
    text = re.sub(r"(?<=\d)(?: ?− ?| - )(?=\d)", " 빼기 ", text)
    text = _COMPARE.sub(_comparison, text)
    text = _LIMIT.sub(lambda m: f"{m['number']}{m['unit']} {_LIMITS[m['sign']]}", text)
    text = re.sub(r"≈ ?(?=\d)", "약 ", text)
    return _NUMBER_SIGN.sub("넘버 ", text)


def _power(match: re.Match[str]) -> str:
    power = {"²": "2", "³": "3"}.get(match[1] or "", match[2])
    return {"2": "의 제곱", "3": "의 세제곱"}.get(power, f"의 {power}제곱")


def _comparison(match: re.Match[str]) -> str:
    left, sign, right = match["left"], match["sign"], match["right"]
    topic = f"{left}{_topic(left)}"
    if sign == "≈":
        return f"{topic} 약 {right}"
    if sign == "≠":
        return f"{topic} {right}{_with(right)} 같지 않다"
    return f"{topic} {right}{_COMPARISONS[sign]}"


def _topic(number: str) -> str:
    return "은" if _closed(number) else "는"


def _with(number: str) -> str:
    return "과" if _closed(number) else "와"


def _closed(number: str) -> bool:
    """Tell whether the number's last syllable ends in a consonant."""
    said = "파이" if number == "π" else spoken_number(number.strip("-−"))
    return bool(split(said[-1]).tail)


def speak_numbers(text: str) -> str:
    """Say all that is left of numbers in Sino-Korean, with the minus or plus before them."""
    text = _MINUS.sub("마이너스 ", text)
    text = _POSITIVE.sub("플러스 ", text)
    text = _EXPLICIT_ONE.sub("일", text)
    text = _ANY_NUMBER.sub(lambda match: spoken_number(match.group()), text)
    return re.sub(r"(?<=[가-힣)]) ?= ?", _equals, text)


def _equals(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1]
    return "은 " if is_hangul(before) and split(before).tail else "는 "


def speak_signs(text: str) -> str:
    """Name the signs that no rule above has taken."""
    return _SIGN.sub(lambda match: _WORD_SIGNS[match.group()], text)
