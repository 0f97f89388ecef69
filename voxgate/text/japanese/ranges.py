"""Numbers that a sign joins: versions, addresses, scores, fractions and ranges."""

from __future__ import annotations

import re

from voxgate.text.japanese.numbers import NUMBER, cardinal

__all__ = ["speak_fractions", "speak_pairs", "speak_ranges", "speak_scores", "speak_series"]

_COUNTERS = (
    "人名個本枚匹杯台冊回階番号円度倍軒足着羽頭件点位年月日時分秒歳才つ週割話巻章通泊畳曲行文字段級組"
    "代口桁票発社校店頁か所ヶカ箇メキグセリパドポペユミトワヘアマ世粒切皿箱袋缶両丁品問題部面列隻機"
)
_VERSION = re.compile(r"(?<![\d.])(\d+(?:\.\d+){2,})(?![\d.]*\d)")
_FRACTION = re.compile(
    r"(?<![\d./-])(?:(?P<whole>\d+)(?:と|\s))?(?P<numerator>\d+)/(?P<denominator>[1-9]\d*)(?![\d/.])"
)
_SCORE_BEHIND = (
    r"(?=\s?(?:で|と)?(?:勝|敗|負|下し|破|リード|逆転|引き分け|完封|快勝|惜敗|辛勝|同点|の勝|のスコア|"
    r"の接戦))"
)
_SCORE = re.compile(rf"(?<![\d.:-])(\d{{1,3}})\s?[-―]\s?(\d{{1,3}})(?![\d:-]){_SCORE_BEHIND}")
_SCORE_CALLED = re.compile(
    r"((?:(?:スコア|試合|結果|得点)[はが]|カウント)\s?)(\d{1,3})[-―](\d{1,3})(?![\d:-])"
)
_RATIO = re.compile(rf"(?<![\d:])({NUMBER})((?:\s?:\s?{NUMBER})+)(?![\d:])")
_VERSUS = re.compile(r"(?<![A-Za-z])vs\.?(?![A-Za-z])", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\d.A-Za-z-])(\d{1,4}(?:-\d{1,4}){2,3})(?![\d-])")
_ADDRESS_OF_TWO = re.compile(r"(?<=[一-鿿々ヶ])(\d{1,3})-(\d{1,3})(?![\d-])")
_SCORE_OF_NAMES = re.compile(
    r"(?<=[一-鿿ァ-ヴー])(?<![第図表])\s?(\d{1,2})-(\d{1,2})(?=[一-鿿ァ-ヴ])"
    r"(?![人個本日年月時分回号番条項章節棟組課室街位代歳]|丁目)"
)
_PAIR = re.compile(
    r"(?<![\d一-鿿〇])(?P<low>[一二三四五六七八九1-9])、(?P<high>[一二三四五六七八九2-9])"
    r"(?=[人個本枚匹杯台冊回階番度倍軒足羽頭件点日年時分秒歳週ヶか箇カ月割曲品泊才名通])"
)
_PAIR_KANA = ("", "イチ", "ニ", "サン", "シ", "ゴ", "ロク", "シチ", "ハチ", "ク")
_RANGE = re.compile(
    rf"(?<![\d.A-Za-z-])(?P<low>{NUMBER}(?:[百千]?[万億兆])?(?:[^\W\dA-Za-z_]{{0,6}}?))\s?〜\s?"
    rf"(?=(?:マイナス|午前|午後|約)?-?[\d])"
)
_HYPHEN_RANGE = re.compile(rf"(?<![\d.A-Za-z-])({NUMBER})\s?-\s?(?={NUMBER}\s?[{_COUNTERS}])")
_BETWEEN_DATES = re.compile(r"(?<=\d[時分日月年円])\s?-\s?(?=(?:午前|午後)?\d)|(?<=曜日）)〜(?=\d)")
_WEEKDAYS = re.compile(
    r"(?<![一-鿿])([月火水木金土日])[〜-]([月火水木金土日])(?=[\s、。,.:は]|$|曜)(?:曜日?)?"
)
_BARE = re.compile(r"(?<![第\d.A-Za-z:/-])(\d{1,2})-(\d{1,2})(?![\d.:/-])(?!\s?=)")
_OPEN_END = re.compile(r"(?<=\d[時分日月年円人歳])\s?〜(?=$|[\s、。,.!?）」]|\s?営業|\s?開催)")
_WORD_RANGE = re.compile(r"(?<=[\u4e00-\u9fff々])〜(?=[\u4e00-\u9fff])")


def speak_series(text: str) -> str:
    """Speak versions (3.11.2) and addresses (1-2-3, 本町5-12)."""
    text = _VERSION.sub(lambda m: "点".join(map(cardinal, m[1].split("."))), text)
    text = _ADDRESS.sub(lambda m: "の".join(map(cardinal, m[1].split("-"))), text)
    return _ADDRESS_OF_TWO.sub(r"\1の\2", text)


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
    if high != low + 1:
        return match.group()
    if match.string[match.end()] == "日":  # 二、三日 is no ミッカ
        return f" {_PAIR_KANA[low]}{_PAIR_KANA[high]}"
    return f" {_PAIR_KANA[low]} {high}"


def speak_fractions(text: str) -> str:
    """Speak 1/2 as 2分の1, and 2と3/4 as 2と4分の3."""
    return _FRACTION.sub(
        lambda m: (
            (f"{m['whole']}と" if m["whole"] else "") + f"{m['denominator']}分の{m['numerator']}"
        ),
        text,
    )


def speak_ranges(text: str) -> str:
    """Speak 3〜5人, 10時〜12時, 3-5日, 東京〜大阪 and 15時〜."""
    text = _RANGE.sub(lambda m: f"{m['low']}から", text)
    text = _HYPHEN_RANGE.sub(r"\1から", _BETWEEN_DATES.sub("から", text))
    text = _WEEKDAYS.sub(r"\1曜から\2曜", text)
    text = _BARE.sub(r"\1対\2", text)
    text = _OPEN_END.sub("から", text)
    return _WORD_RANGE.sub("から", text)
