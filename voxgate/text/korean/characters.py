"""Bring Unicode text down to the characters that the Korean rules know."""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError
from voxgate.text.korean.syllables import is_hangul

__all__ = ["is_hanja", "plain_characters"]

_FOLDED = {
    **dict.fromkeys("“”„‟«»「」『』《》〈〉〝〞＂", '"'),
    **dict.fromkeys("‘’‛`´′＇", "'"),
    "″": '"',
    **dict.fromkeys("【〔［〖", "("),
    **dict.fromkeys("】〕］〗", ")"),
    **dict.fromkeys("‐‑﹣－", "-"),
    **dict.fromkeys("–—―⸺─", "—"),
    "−": "−",
    **dict.fromkeys("～〜∼˜", "~"),
    **dict.fromkeys("。｡．", "."),
    **dict.fromkeys("、，､", ","),
    **dict.fromkeys("ㆍᆞ・･•‧∙⋅●○■□◆◇▶▷►☞※", "·"),
    **dict.fromkeys("‥⋯", "…"),
    **dict.fromkeys("™®©℠", ""),
    **dict.fromkeys("→⇒➔➜⟶", "→"),
    **dict.fromkeys("º˚", "°"),
    **dict.fromkeys("∕⁄", "/"),
    "№": "№",
    "㈜": "(주)",
    "㎡": "m²",
    "㎢": "km²",
    "㎠": "cm²",
    "㎟": "mm²",
    "㎥": "m³",
    "㎤": "cm³",
    "㎣": "mm³",
    "µ": "μ",
    "¡": "",
    "¿": "",
    "\n": "\n",
    "\t": " ",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
}
_KEPT = frozenset("…·²³−±×÷≠≈≤≥√π°→№€£¥₩₽₹฿μ‰∞\n")
"""Signs that later rules read aloud, beside printable ASCII and hangul."""

_GREEK = dict(
    zip(
        "αβγδεζηθικλνξορστυφχψωΩ",
        "알파 베타 감마 델타 엡실론 제타 에타 세타 요타 카파 람다 뉴 크시 오미크론 로 시그마 "
        "타우 입실론 "
        "파이 카이 프시 오메가 오메가".split(),
        strict=True,
    )
)
_ROMAN = re.compile("[Ⅰ-Ⅻⅰ-ⅻ]")
_CIRCLED = re.compile("[①-⑳]")
_BLANKS = re.compile(" {2,}")
_COMBINED = re.compile("[\u1100-\u11ff]")
_LETTERS = ("\u3131", "\u318e")
_EMOJI_BLOCKS = ((0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FAFF))
_SILENT = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u20e3")
_TAGS = (0xE0000, 0xE007F)
_PLACES = ("\ue000", "\uf8ff")


def plain_characters(text: str) -> str:
    """Return `text` in hangul, hanja, printable ASCII and the signs that later rules speak.

    Widths and variants are folded; emoji become spaces, characters without width vanish.
    Private-use characters pass: they stand for readings (`voxgate.text.inline_readings`).

    Raises:
        TextError: a character is none that Korean reads; names it and its place.
    """
    if _COMBINED.search(text):
        text = unicodedata.normalize("NFC", text)
    plain = "".join(
        char if is_hangul(char) else _plain(char, place) for place, char in enumerate(text, start=1)
    )
    return _BLANKS.sub(" ", plain).strip(" ")


def is_hanja(char: str) -> bool:
    """Tell a Chinese character from others."""
    return (
        "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"
    )


def _plain(char: str, place: int) -> str:
    if char.isascii() and char.isprintable():
        return char
    if char in _FOLDED:
        return _FOLDED[char]
    if char in _KEPT or _PLACES[0] <= char <= _PLACES[1] or _LETTERS[0] <= char <= _LETTERS[1]:
        return char
    if _is_silent(char) or _is_emoji(char):
        return "" if _is_silent(char) else " "
    return _GREEK.get(char) or _compatible(char, place)


def _compatible(char: str, place: int) -> str:
    """Fold a compatibility form, or refuse the character."""
    if _ROMAN.fullmatch(char) or _CIRCLED.fullmatch(char):
        number = int(unicodedata.numeric(char))
        return f"{number}" if _ROMAN.fullmatch(char) else f"{number}, "
    folded = unicodedata.normalize("NFKC", char)
    folded = "".join(_FOLDED.get(c, c) for c in folded)
    if char.isspace():
        return " "
    if "/" in folded and folded.replace("/", "").isdigit():
        return f" {folded}"  # 1½ is 1 1/2
    if all(is_hangul(c) or is_hanja(c) or _is_plain(c) for c in folded):
        return folded
    letters = "".join(_compatibility_letter(c) for c in folded)
    if letters and all(_LETTERS[0] <= c <= _LETTERS[1] for c in letters):
        return letters
    raise TextError(_refusal(char, place))


def _is_plain(char: str) -> bool:
    return (char.isascii() and char.isprintable()) or char in _KEPT


def _compatibility_letter(char: str) -> str:
    """Return a half-width letter, which folds to a conjoining one, as it stands alone."""
    name = unicodedata.name(char, "")
    for kind in ("HANGUL CHOSEONG ", "HANGUL JUNGSEONG ", "HANGUL JONGSEONG "):
        if name.startswith(kind):
            try:
                return unicodedata.lookup("HANGUL LETTER " + name.removeprefix(kind))
            except KeyError:
                return char
    return char


def _is_silent(char: str) -> bool:
    return char in _SILENT or "\ufe00" <= char <= "\ufe0f" or _TAGS[0] <= ord(char) <= _TAGS[1]


def _is_emoji(char: str) -> bool:
    blocks = any(first <= ord(char) <= last for first, last in _EMOJI_BLOCKS)
    return blocks and unicodedata.category(char) in ("So", "Sk", "Sm", "Cn")


def _refusal(char: str, place: int) -> str:
    name = unicodedata.name(char, "no name")
    where = f"{char!r} (U+{ord(char):04X} {name}) at character {place}"
    category = unicodedata.category(char)
    if category[0] == "C":
        return f"{where} is a control character; Korean text needs letters and marks: remove it"
    if category[0] == "L":
        return (
            f"{where} is no letter of Korean, which needs hangul (or hanja): write the word in "
            "hangul, or give the voice its language"
        )
    return f"{where} has no reading in Korean: write it as a word or remove it"
