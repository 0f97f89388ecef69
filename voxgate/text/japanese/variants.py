"""Characters that stand for others, those that rules read, and those that are silent."""

from __future__ import annotations

__all__ = ["GREEK", "ORNAMENTS", "READ", "SPOKEN"]

_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
SPOKEN = {
    # forms that compatibility folding turns into something else
    "…": "…",
    "‥": "…",
    "⋯": "…",
    "㎡": "m²",
    "㎢": "km²",
    "㎠": "cm²",
    "㎟": "mm²",
    "㎥": "m³",
    "㎦": "km³",
    "㎤": "cm³",
    "㎣": "mm³",
    "²": "²",
    "³": "³",
    "℃": "°C",
    "℉": "°F",
    "№": "№",
    "℡": "電話",
    "㈱": "株式会社",
    "㈲": "有限会社",
    "㈳": "社団法人",
    "㈶": "財団法人",
    "㈹": "代表",
    "㊙": "マル秘",
    "㊗": "祝",
    "㊤": "上",
    "㊥": "中",
    "㊦": "下",
    "〆": "〆",
    "〻": "々",
    "〒": "郵便番号",
    "☎": "電話",
    "½": "1/2",
    "⅓": "1/3",
    "⅔": "2/3",
    "¼": "1/4",
    "¾": "3/4",
    "⁄": "/",
    "∕": "/",
    "￥": "¥",
    "₩": "₩",
    "￦": "₩",
    "µ": "μ",
    "Ω": "Ω",
    # dashes and waves
    **dict.fromkeys("‐‑–−﹣－", "-"),
    **dict.fromkeys("—―─━⸺", "―"),
    **dict.fromkeys("~～∼〰", "〜"),
    "∶": ":",
    # brackets and quotation marks are heard as slight breaks
    **dict.fromkeys("『“„‟«《〈〝﹁", "「"),
    **dict.fromkeys("』”»》〉〟〞﹂", "」"),
    **dict.fromkeys("([{（〔［｛【〖", "（"),
    **dict.fromkeys(")]}）〕］｝】〗", "）"),
    **dict.fromkeys("‘’‛`´＇'", "'"),
    "。": "。",
    "、": "、",
    **dict.fromkeys("•·‧∙･", "・"),
    **dict.fromkeys("○◯", "〇"),
    "≒": "≈",
    "≦": "≤",
    "≧": "≥",
    "º": "°",
    "′": "分",
    "″": "秒",
    "\u3000": " ",
    "\u3099": "゛",
    **dict(zip("ヷヸヹヺ", ("ヴァ", "ヴィ", "ヴェ", "ヴォ"), strict=True)),
    **dict(
        zip("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "クシストヌハヒフヘホムラリルレロ", strict=True)
    ),
    "\u309a": "゜",
}
SPOKEN |= {sign: str(value) for value, sign in enumerate(_ROMAN, start=1)}
SPOKEN |= {chr(ord(sign) + 0x10): str(value) for value, sign in enumerate(_ROMAN, start=1)}

GREEK = dict(
    zip(
        "αβγδεζηθικλνξοπρστυφχψω",
        "アルファ ベータ ガンマ デルタ イプシロン ゼータ イータ シータ イオタ カッパ ラムダ ニュー "
        "クサイ オミクロン パイ ロー シグマ タウ ウプシロン ファイ カイ プサイ オメガ".split(),
        strict=True,
    )
)
READ = frozenset(
    "%‰+-±×÷*/=≠≈<>≤≥〜:№#&@^√π°²³¥$€£₩₽₹฿μΩ∞→←⇒※§.,!?。、…―・;'\"「」（）々〇〆ゝゞヽヾ゛゜| _\\"
)
ORNAMENTS = frozenset("★☆♪♫♬♩♡♥❤◆◇■□●◎△▲▽▼◁▷►▶◀✓✔✕✖❌⭕↑↓↔©®™♂♀♯♭†‡¶")
