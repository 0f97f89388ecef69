"""Arithmetic, signs before numbers, and what a sign is called where nothing else reads it."""

from __future__ import annotations

import re

from voxgate.text.japanese.numbers import NUMBER, number

__all__ = ["speak_arithmetic", "speak_lone_signs", "speak_numbers"]

_BETWEEN = r"(?<=[\d）π∞²³])\s?{sign}\s?(?=[-+]?[\d（π∞√])"
_OPERATIONS = tuple(
    (re.compile(_BETWEEN.format(sign=sign)), word)
    for sign, word in (
        (r"\+", "たす"),
        ("(?:- | -)", "ひく"),
        (r"[×*xX]", "かける"),
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
_NUMBERED = re.compile(r"(?<![A-Za-z])No\.?\s?(?=\d)|[#№]\s?(?=\d)", re.IGNORECASE)
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
    (re.compile(r"(?<=[^\s、。])\s?[→⇒]\s?(?=[^\s])"), "から"),
    (re.compile("[→⇒]"), "、"),
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
