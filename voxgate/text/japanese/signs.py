"""Signs between and before numbers: ranges, ratios, fractions, addresses, arithmetic."""

from __future__ import annotations

import re

from voxgate.text.japanese.numbers import NUMBER, cardinal, number

__all__ = [
    "speak_arithmetic",
    "speak_fractions",
    "speak_lone_signs",
    "speak_numbers",
    "speak_pairs",
    "speak_ranges",
    "speak_scores",
    "speak_series",
]

_COUNTERS = (
    "人名個本枚匹杯台冊回階番号円度倍軒足着羽頭件点位年月日時分秒歳才つ週割話巻章通泊畳曲行文字段級組"
    "代口桁票発社校店頁か所ヶカ箇メキグセリパドポペユミトワヘアマ世粒切皿箱袋缶両丁品問題部面列隻機"
)
_VERSION = re.compile(r"(?<![\d.])(\d+(?:\.\d+){2,})(?![\d.]*\d)")
_FRACTION = re.compile(
    r"(?<![\d./-])(?:(?P<whole>\d+)(?:と|\s))?(?P<numerator>\d+)/(?P<denominator>[1-9]\d*)(?![\d/.])"
)
_SCORE_BEHIND = (
    r"(?=\s?(?:で|と)?(?:勝|敗|負|下し|破|リード|逆転|引き分け|完封|快勝|惜敗|辛勝|同点|の勝|のスコア|の接戦))"
)
_SCORE = re.compile(rf"(?<![\d.:-])(\d{{1,3}})\s?[-―]\s?(\d{{1,3}})(?![\d:-]){_SCORE_BEHIND}")
_SCORE_CALLED = re.compile(r"((?:スコア|試合|結果|得点)[はが]\s?)(\d{1,3})[-―](\d{1,3})(?![\d:-])")
_RATIO = re.compile(rf"(?<![\d:])({NUMBER})((?:\s?:\s?{NUMBER})+)(?![\d:])")
_VERSUS = re.compile(r"(?<![A-Za-z])vs\.?(?![A-Za-z])", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\d.A-Za-z-])(\d{1,4}(?:-\d{1,4}){2,3})(?![\d-])")
_ADDRESS_OF_TWO = re.compile(r"(?<=[一-鿿々ヶ])(\d{1,3})-(\d{1,3})(?![\d-])")
_SCORE_OF_NAMES = re.compile(
    r"(?<=[一-鿿ァ-ヴー])\s?(\d{1,2})-(\d{1,2})\s?(?=[一-鿿ァ-ヴ])(?!人|個|本|日|年|月|時|分|回|号|丁目|番)"
)
_PAIR = re.compile(
    r"(?<![\d一-鿿〇])(?P<low>[一二三四五六七八九1-9])、(?P<high>[一二三四五六七八九2-9])"
    r"(?=[人個本枚匹杯台冊回階番度倍軒足羽頭件点日年時分秒歳週ヶか箇カ月割曲品泊才名通])"
)
_PAIR_KANA = {1: "いち", 2: "に", 3: "さん", 4: "し", 5: "ご", 6: "ろく", 7: "しち", 8: "はち"}
_DAYS = {3: "さん", 5: "ご", 6: "ろく", 7: "しち", 8: "はち", 9: "く"}
_RANGE = re.compile(
    rf"(?<![\d.A-Za-z-])(?P<low>{NUMBER}(?:[百千]?[万億兆])?(?:[^\W\dA-Za-z_]{{0,6}}?))\s?〜\s?"
    rf"(?=(?:マイナス|午前|午後|約)?-?[\d])"
)
_HYPHEN_SCORE_OF_NAMES = re.compile(
    r"(?<=[一-鿿ァ-ヴー])\s?(\d{1,2})-(\d{1,2})\s?(?=[一-鿿ァ-ヴ])(?!人|個|本|日|年|月|時|分|回|号|丁目|番)"
)
_PAIR = re.compile(
    r"(?<![\d一-鿿〇])(?P<low>[一二三四五六七八九1-9])、(?P<high>[一二三四五六七八九2-9])"
    r"(?=[人個本枚匹杯台冊回階番度倍軒足羽頭件点日年時分秒歳週ヶか箇カ月割曲品泊才名通])"
)
_PAIR_KANA = {1: "いち", 2: "に", 3: "さん", 4: "し", 5: "ご", 6: "ろく", 7: "しち", 8: "はち"}
_RANGE = re.compile(rf"(?<![\d.A-Za-z-])({NUMBER})\s?-\s?(?={NUMBER}\s?[{_COUNTERS}])")
_OPEN_END = re.compile(r"(?<=\d[時分日月年円人歳])\s?〜(?=$|[\s、。,.!?）」]|\s?営業|\s?開催)")
_WORD_SCORE_OF_NAMES = re.compile(
    r"(?<=[一-鿿ァ-ヴー])\s?(\d{1,2})-(\d{1,2})\s?(?=[一-鿿ァ-ヴ])(?!人|個|本|日|年|月|時|分|回|号|丁目|番)"
)
_PAIR = re.compile(
    r"(?<![\d一-鿿〇])(?P<low>[一二三四五六七八九1-9])、(?P<high>[一二三四五六七八九2-9])"
    r"(?=[人個本枚匹杯台冊回階番度倍軒足羽頭件点日年時分秒歳週ヶか箇カ月割曲品泊才名通])"
)
_PAIR_KANA = {1: "いち", 2: "に", 3: "さん", 4: "し", 5: "ご", 6: "ろく", 7: "しち", 8: "はち"}
_RANGE = re.compile(r"(?<=[\u4e00-\u9fff々])〜(?=[\u4e00-\u9fff])")
_BETWEEN = rf"(?<=[\d）π∞²³])\s?{{sign}}\s?(?=[-+]?[\d（π∞√])"
_OPERATIONS = tuple(
    (re.compile(_BETWEEN.format(sign=sign)), word)
    for sign, word in (
        (r"\+", "たす"),
        ("-(?= )|(?<= )-", "ひく"),
        (r"[×*]", "かける"),
        ("÷", "わる"),
        ("±", "プラスマイナス"),
        ("≠", "ノットイコール"),
        ("≈", "ニアリーイコール"),
        ("[≤]", "小なりイコール"),
        ("[≥]", "大なりイコール"),
        ("<", "小なり"),
        (">", "大なり"),
    )
)
_DIFFERENCE = re.compile(rf"(?<![\d.])({NUMBER})\s?-\s?({NUMBER})(?=\s?=)")
_EQUALS = re.compile(r"(?<=[\d）π∞²³A-Za-z])\s?=\s?(?=[-+]?[\d（π∞√A-Za-z])")
_POWER = re.compile(rf"(?P<base>{NUMBER})\s?(?:\^(?P<power>\d+)|(?P<raised>[²³]))")
_MINUS = re.compile(r"(?<![\d\w）.-])-\s?(?=\d)|(?<=[はがをにでと最約、])-(?=\d)")
_PLUS = re.compile(r"(?<![\d）])\+\s?(?=\d)")
_DIGITS = re.compile(NUMBER)
_NUMBERED = re.compile(r"(?<![A-Za-z])No\.?\s?(?=\d)|#(?=\d)", re.IGNORECASE)
_LONE = (
    (re.compile(r"#(?=[^\W\d_])"), "ハッシュタグ"),
    (re.compile("#"), "シャープ"),
    (re.compile("&"), "アンド"),
    (re.compile("@"), "アットマーク"),
    (re.compile("±"), "プラスマイナス"),
    (re.compile(r"\+"), "プラス"),
    (re.compile("×"), "かける"),
    (re.compile("÷"), "わる"),
    (re.compile(r"[*]"), "アスタリスク"),
    (re.compile("="), "イコール"),
    (re.compile("≠"), "ノットイコール"),
    (re.compile("≈"), "ニアリーイコール"),
    (re.compile("≤"), "小なりイコール"),
    (re.compile("≥"), "大なりイコール"),
    (re.compile("<"), "小なり"),
    (re.compile(">"), "大なり"),
    (re.compile("√"), "ルート"),
    (re.compile("π"), "パイ"),
    (re.compile("μ"), "ミュー"),
    (re.compile("Ω"), "オーム"),
    (re.compile("∞"), "無限大"),
    (re.compile("\\^"), "キャレット"),
    (re.compile("°"), "度"),
    (re.compile("²"), "の2乗"),
    (re.compile("³"), "の3乗"),
    (re.compile("‰"), "パーミル"),
    (re.compile("§"), "第"),
    (re.compile("№"), "ナンバー"),
    (re.compile("[→⇒]"), "から"),
    (re.compile("←"), "、"),
    (re.compile("※"), "、"),
    (re.compile(r"(?<=[^\s])/(?=[^\s])"), "、"),
    (re.compile(r"[/|\\]"), "、"),
    (re.compile("[$]"), "ドル"),
    (re.compile("€"), "ユーロ"),
    (re.compile("£"), "ポンド"),
    (re.compile("¥"), "円"),
    (re.compile("₩"), "ウォン"),
    (re.compile("₽"), "ルーブル"),
    (re.compile("₹"), "ルピー"),
    (re.compile("฿"), "バーツ"),
)
"""What a sign is called where no rule before has read it."""


def speak_series(text: str) -> str:
    """Speak versions (3.11.2) and addresses (1-2-3, 本町5-12)."""
    text = _VERSION.sub(lambda m: "点".join(map(_cardinal, m[1].split("."))), text)
    text = _ADDRESS.sub(lambda m: "の".join(map(_cardinal, m[1].split("-"))), text)
    return _ADDRESS_OF_TWO.sub(r"\1の\2", text)


def _cardinal(digits: str) -> str:
    return cardinal(digits)


def speak_scores(text: str) -> str:
    """Speak 3-2で勝った, 3:2 and A vs B."""
    text = _SCORE.sub(r"\1対\2", text)
    text = _SCORE_CALLED.sub(r"\1\2対\3", text)
    text = _SCORE_OF_NAMES.sub(r"\1対\2", text)
    text = _RATIO.sub(lambda m: re.sub(r"\s?:\s?", "対", m.group()), text)
    return _VERSUS.sub("対", text)


def speak_pairs(text: str) -> str:
    """Speak 二、三人 and 4、5本: about so many, said without a pause."""
    return _PAIR.sub(_pair, text)


def _pair(match: re.Match[str]) -> str:
    low, high = (
        int(digit) if digit.isdigit() else "〇一二三四五六七八九".index(digit)
        for digit in (match["low"], match["high"])
    )
    if high != low + 1 or low not in _PAIR_KANA:
        return match.group()
    following = match.string[match.end()]
    return _PAIR_KANA[low] + (_DAYS.get(high, str(high)) if following == "日" else str(high))


def speak_fractions(text: str) -> str:
    """Speak 1/2 as 2分の1, and 2と3/4 as 2と4分の3."""
    return _FRACTION.sub(
        lambda m: (f"{m['whole']}と" if m["whole"] else "")
        + f"{m['denominator']}分の{m['numerator']}",
        text,
    )


def speak_ranges(text: str) -> str:
    """Speak 3〜5人, 10時〜12時, 3-5日, 東京〜大阪 and 15時〜."""
    text = _RANGE.sub(lambda m: f"{m['low']}から", text)
    text = _HYPHEN_RANGE.sub(r"\1から", text)
    text = _OPEN_END.sub("から", text)
    return _WORD_RANGE.sub("から", text)


def speak_arithmetic(text: str) -> str:
    """Speak 2×3=6, 5-3=2, 10±0.5, 10² and √2."""
    text = _DIFFERENCE.sub(r"\1ひく\2", text)
    for sign, word in _OPERATIONS:
        text = sign.sub(word, text)
    text = _EQUALS.sub("は", text)
    return _POWER.sub(
        lambda m: f"{m['base']}の{m['power'] or {'²': '2', '³': '3'}[m['raised']]}乗", text
    )


def speak_numbers(text: str) -> str:
    """Speak signs before numbers, and bring every number into its spoken form."""
    text = _NUMBERED.sub("ナンバー", text)
    text = _PLUS.sub("プラス", _MINUS.sub("マイナス", text))
    return _DIGITS.sub(lambda m: number(m.group()), text)


def speak_lone_signs(text: str) -> str:
    """Name the signs that are left."""
    for sign, word in _LONE:
        text = sign.sub(word, text)
    return text
