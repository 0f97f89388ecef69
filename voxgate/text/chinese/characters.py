"""Bring Chinese text down to the characters that its rules know, one written form for each.

Nothing is lost but what makes no sound: emoji, variation selectors, joiners. Any other character
that no rule reads is refused, with its place.
"""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError

__all__ = ["plain_characters"]

_KEPT = frozenset(
    "，。！？、；：…—%‰+-±×÷=≈≠<>≤≥√π∞∑∫∈∩∪∴∵→§°△⊥∠∂∆/\\|~^*#&@_.,!?:;$€£¥₩₽₹฿℃℉Ωμ²³№′″"
)
_FOLDED = {
    **dict.fromkeys("“”„‟«»「」『』《》〈〉【】〔〕〖〗〘〙﹁﹂﹃﹄［］[]\"`´＂＇‘’‛'", ""),
    **dict.fromkeys("()（）﹙﹚{}｛｝", ""),
    **dict.fromkeys("｡．", "。"),
    **dict.fromkeys("､﹑", "、"),
    **dict.fromkeys("·・･•‧∙", "，"),
    "﹔": "；",
    "﹕": "：",
    "∶": ":",
    "﹗": "！",
    "﹖": "？",
    "‼": "！",
    "⁇": "？",
    "⁉": "！",
    "⁈": "？",
    **dict.fromkeys("‐‑‒﹣－−", "-"),
    **dict.fromkeys("–―─━⸺⸻", "—"),
    **dict.fromkeys("～∼〜﹏", "~"),
    **dict.fromkeys("⋯‥︙", "…"),
    **dict.fromkeys("✕✖⨯", "×"),
    "∕": "/",
    "⁄": "/",
    "⇒": "→",
    "Ω": "Ω",
    "µ": "μ",
    "º": "°",
    "˚": "°",
    "￥": "¥",
    "￦": "₩",
    **dict.fromkeys("○◯Ｏ〇", "〇"),
    **dict.fromkeys("™®©", ""),
    "㏎": "km",
    "㎧": "m/s",
    "\u3000": " ",
}
_SILENT = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f")
_SILENT_RANGES = (
    ("\u20e3", "\u20e3"),  # the frame of a keycap
    ("\u2300", "\u23ff"),  # clocks and keys
    ("\u25a0", "\u25ff"),  # shapes
    ("\u2600", "\u27bf"),  # weather, stars, dingbats
    ("\u2b00", "\u2bff"),
    ("\ufe00", "\ufe0f"),  # variation selectors
    ("\U0001f000", "\U0001faff"),
    ("\U000e0020", "\U000e007f"),  # tags of flags
    ("\U000e0100", "\U000e01ef"),
)
_UNITS = frozenset("㎡㎢㎥㎏㎞㎝㎜㎎㎖㎗ℓ℃℉№²³¼½¾")
_VULGAR = re.compile("[¼½¾⅐-⅞]")
_RAISED = re.compile("[⁺⁻]?[⁰¹⁴-⁹]+|(?<=\\d)[⁻]?[⁰¹²³⁴-⁹]{2,}|⁻[¹²³]")
_RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_BRACKETS = re.compile(r"<<([^<>]{1,60})>>|<([\u3400-\u9fff][^<>]{0,60})>")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u2e80-\u2fdf\U00020000-\U0003ffff〇々]")
_PLACES = ("\ue000", "\uf8ff")
_GREEK = re.compile("[Α-Ωα-ωϕϵ]")


def plain_characters(text: str) -> str:
    """Return `text` in Han characters, half-width letters and digits, signs, and marks.

    Raises:
        TextError: a character has no reading; names it, its place and what to do.
    """
    raw = text
    text = _BRACKETS.sub(lambda match: match[1] or match[2], unicodedata.normalize("NFC", text))
    text = _VULGAR.sub(_fraction, text)
    text = _RAISED.sub(lambda match: "^" + match.group().translate(_RAISED_DIGITS), text)
    folded = []
    for character in text:
        if "\x20" < character < "\x7f" and character.isalnum():
            folded.append(character)
            continue
        folded.append(_fold(character, raw))
    return "".join(folded)


def _fraction(match: re.Match[str]) -> str:
    numerator, _, denominator = unicodedata.normalize("NFKC", match.group()).partition("⁄")
    return f" {numerator}/{denominator} "


def _fold(character: str, text: str) -> str:
    if character in _FOLDED:
        return _FOLDED[character]
    if character in _KEPT or character in _UNITS or _PLACES[0] <= character <= _PLACES[1]:
        return character
    if character.isspace():
        return "\n" if character in "\n\r\u2028\u2029" else " "
    if character in _SILENT or _is_silent(character):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    if _HAN.match(character) or _GREEK.match(character):
        return plain
    if plain != character and all(c.isascii() or c in _KEPT or _HAN.match(c) for c in plain):
        return _numeral(character) or plain.strip("().")
    raise _unreadable(character, text)


def _numeral(character: str) -> str:
    """Return the number of a circled or Roman numeral, or ""."""
    value = unicodedata.numeric(character, -1)
    return str(int(value)) if value >= 0 and value == int(value) else ""


def _is_silent(character: str) -> bool:
    """Tell emoji and their parts, which say nothing, from signs that mean something."""
    return any(low <= character <= high for low, high in _SILENT_RANGES)


def _unreadable(character: str, text: str) -> TextError:
    name = unicodedata.name(character, "a control character or one without a name")
    place = text.find(character) + 1
    where = f"at character {place}" if place else "in the text"
    return TextError(
        f"{character!r} (U+{ord(character):04X} {name}) {where} has no reading in Chinese; write "
        "it in Chinese characters, or leave it out"
    )
