"""Bring Unicode text down to the characters that the Japanese rules know."""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError
from voxgate.text.inline_readings import FIRST_PLACE

__all__ = ["LATIN", "plain_characters"]

LATIN = "A-Za-z"

_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_SPOKEN = {
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
}
_SPOKEN |= {sign: str(value) for value, sign in enumerate(_ROMAN, start=1)}
_SPOKEN |= {chr(ord(sign) + 0x10): str(value) for value, sign in enumerate(_ROMAN, start=1)}

_GREEK = dict(
    zip(
        "αβγδεζηθικλνξοπρστυφχψω",
        "アルファ ベータ ガンマ デルタ イプシロン ゼータ イータ シータ イオタ カッパ ラムダ ニュー "
        "クサイ オミクロン パイ ロー シグマ タウ ウプシロン ファイ カイ プサイ オメガ".split(),
        strict=True,
    )
)
_READ = frozenset(
    "%‰+-±×÷*/=≠≈<>≤≥〜:№#&@^√π°²³¥$€£₩₽₹฿μΩ∞→←⇒※§.,!?。、…―・;'\"「」（）々〇〆ゝゞヽヾ゛゜| _\\"
)
_ORNAMENTS = frozenset("★☆♪♫♬♩♡♥❤◆◇■□●◎△▲▽▼◁▷►▶◀✓✔✕✖❌⭕↑↓↔©®™♂♀♯♭†‡¶")
_HALF_KANA = re.compile("[ｦ-ﾟ]+")
_ENCLOSED = re.compile("[①-⑳㉑-㉟㊱-㊿❶-❿⓫-⓴]")
_COUNTED = "番つ個回章問巻日月号の点名人位行ページ丁組部話節項目号"
_DASH_IN_WORD = re.compile(r"(?<=[ァ-ヴー])[―](?=[ァ-ヴー])")
_STRAIGHT_QUOTE = re.compile('"')


def plain_characters(text: str) -> str:
    """Return `text` in kana, Han characters, ASCII and the signs that later rules read.

    Widths and variants are folded: half-width kana, enclosed and Roman numbers, quotation marks.
    Only emoji, ornaments, variation selectors and characters without width vanish.

    Raises:
        TextError: a character has no reading in Japanese; names it, its place and a remedy.
    """
    text = unicodedata.normalize("NFC", text)
    folded: list[str] = []
    for place, character in enumerate(text, start=1):
        folded.append(_fold(character, place))
    joined = "".join(folded)
    joined = _HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run.group()), joined)
    joined = _ENCLOSED.sub(_open_number, joined)
    joined = _DASH_IN_WORD.sub("ー", joined)
    quotes = iter(range(len(joined)))
    return _STRAIGHT_QUOTE.sub(lambda _: "「」"[next(quotes) % 2], joined)


def _fold(character: str, place: int) -> str:
    if character in _SPOKEN:
        return _SPOKEN[character]
    if character in "\n\r\t\v\f\u2028\u2029\x85":
        return "\n"
    if _HALF_KANA.match(character) or _ENCLOSED.match(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain in _SPOKEN:
        return _SPOKEN[plain]
    plain = plain.replace("⁄", "/").replace("~", "〜")
    if plain.lower() in _GREEK and plain not in ("μ", "Ω", "π"):
        return _GREEK[plain.lower()]
    if _is_silent(character):
        return ""
    for part in plain:
        if not _is_read(part):
            raise TextError(_fault(character, place))
    return plain


def _is_read(character: str) -> bool:
    return (
        character in _READ
        or (character.isascii() and character.isalnum())
        or "ぁ" <= character <= "ゖ"
        or "ァ" <= character <= "ヺ"
        or character in "ー・"
        or unicodedata.name(character, "").startswith("CJK ")
        or FIRST_PLACE <= ord(character) <= 0xF8FF
        or character in "（）「」"
    )


def _is_silent(character: str) -> bool:
    """Tell emoji, ornaments and characters without width from what means something."""
    code = ord(character)
    if character in _ORNAMENTS or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return True
    if code in (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x20E3):
        return True
    if 0xE0020 <= code <= 0xE007F or 0x1F3FB <= code <= 0x1F3FF:  # tags and skin tones of emoji
        return True
    return unicodedata.category(character) == "So" and (
        0x2600 <= code <= 0x27BF or 0x2B00 <= code <= 0x2BFF or 0x1F000 <= code <= 0x1FAFF
    )


def _open_number(match: re.Match[str]) -> str:
    """Write ① as 1, parted by a space from a word that it does not count."""
    sign = match.group()
    value = str(int(unicodedata.numeric(sign)))
    following = match.string[match.end() : match.end() + 1]
    return value if not following or following in _COUNTED else f"{value} "


def _fault(character: str, place: int) -> str:
    name = unicodedata.name(character, "unnamed")
    where = f"{character!r} (U+{ord(character):04X} {name}) at character {place}"
    category = unicodedata.category(character)
    if "HANGUL" in name:
        return f"{where} is Korean: write it in kana, or give the voice Korean (ko)"
    if category == "Cc" or category == "Cf":
        return f"{where} is a control character: remove it"
    if category == "Co":
        return f"{where} is a private-use character, nobody can know its reading: write it in kana"
    if character == "\ufffd":
        return f"{where} stands where a character was lost: decode the text anew, or repair it"
    if category.startswith("L"):
        return f"{where} is no Japanese letter: write the word in kana"
    return f"{where} is a sign without a reading in Japanese: write it as a word or remove it"
