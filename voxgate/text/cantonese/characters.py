"""Bring Unicode text down to the characters that the rules of Cantonese know, or refuse it."""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError

__all__ = ["HAN", "plain_characters"]

HAN = "[\u3400-\u4dbf\u4e00-\u9fff\u3007\U00020000-\U0003ffff]"
"""A regular expression of one Chinese character; 〇 is one."""

_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2009\u200a\u202f\u3000"), " ")
_LINE_ENDS = re.compile(r"\s*[\r\n\u2028\u2029\f\v]\s*")
_WIDE_SIGNS = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，！？；"
}
_SAME = {
    **dict.fromkeys(map(ord, "\u2212﹣\u2010\u2011"), "-"),
    ord("￥"): "¥",
    ord("￦"): "₩",
    ord("￡"): "£",
    ord("￠"): "¢",
    ord("µ"): "μ",
    **dict.fromkeys(map(ord, "˚º"), "°"),
    ord("∶"): ":",
    ord("⁄"): "/",
    ord("∕"): "/",
    **dict.fromkeys(map(ord, "｡"), "。"),
    **dict.fromkeys(map(ord, "､"), "、"),
    ord("｢"): "「",
    ord("｣"): "」",
    **dict.fromkeys(map(ord, "〜∼"), "～"),
    **dict.fromkeys(map(ord, "•●○■□◆◇★☆▲△▼▽▶►※"), "、"),
}
"""One writing for what is one thing; an ornament before a line is a pause."""

_FOLDS: dict[int, str] = {**_SPACES, **_WIDE_SIGNS, **_SAME}

_INVISIBLE = re.compile(
    "[\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef\U000e0020-\U000e007f"
    "\u20e3\u2122\u00a9\u00ae\u203c\u2049\u231a-\u23ff\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]"
)
"""Emoji, variation selectors and zero-width joiners."""

_REPEATING = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_REPEATED = re.compile(f"({HAN})々")
_MARKS = "。，、！？；：…‥⋯—–―～·・‧「」『』《》〈〉【】〔〕〖〗﹁﹂“”„‘’‚〝〞«»‹›"
_SIGNS = "°℃℉‰±×÷≠≈≤≥√∞€£¥₩₽₹฿¢₫₱№²³¹⁰⁴⁵⁶⁷⁸⁹⁺⁻"
_UNITS = "\u2100-\u214f\u3371-\u33ff"
_NUMBERS = (
    "¼½¾\u2150-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289\u2080-\u2089"
)
_COMPOSED = re.compile(f"[{_NUMBERS}]")
_RAISED = re.compile("[⁺⁻¹⁰⁴-⁹]+")
_LETTERS = "\u00c0-\u024f\u0391-\u03c9"
_KNOWN = re.compile(
    f"{HAN}|[\n -~{re.escape(_MARKS + _SIGNS)}{_UNITS}{_NUMBERS}{_LETTERS}\ue000-\uf8ff]"
)


def plain_characters(text: str) -> str:
    """Return `text` with one writing for each mark, sign and width; emoji fall away.

    Places of lifted inline readings (private use) stay.

    Raises:
        TextError: a character belongs to another script, has no reading, or cannot be seen; names
            the first one and its place.
    """
    _refuse_unknown(text)
    folded = _INVISIBLE.sub("", text).translate(_FOLDS)
    folded = "".join(map(_unified, folded))
    folded = _RAISED.sub(_power, _COMPOSED.sub(_written_out, folded))
    folded = _REPEATED.sub(r"\1\1", _LINE_ENDS.sub("\n", folded.strip()))
    return re.sub(" +", " ", folded)


def _written_out(match: re.Match[str]) -> str:
    """Write ½ as 1/2 and Ⅳ as 4; ① begins what it counts, so that a pause follows."""
    character = match.group()
    value = unicodedata.numeric(character)
    if "CIRCLED" in unicodedata.name(character) or "FULL STOP" in unicodedata.name(character):
        return f"{value:.0f}、"
    plain = unicodedata.normalize("NFKC", character).replace("\u2044", "/")
    space = " " if match.start() and match.string[match.start() - 1].isdigit() else ""
    return space + (plain if "/" in plain else f"{value:.0f}")


def _power(match: re.Match[str]) -> str:
    return "^" + unicodedata.normalize("NFKC", match.group()).replace("\u2212", "-")


def _unified(character: str) -> str:
    """Fold a compatibility ideograph or a radical onto the character that it repeats."""
    if (
        "\uf900" <= character <= "\ufaff"
        or "\u2e80" <= character <= "\u2fdf"
        or character > "\U0002f7ff"
    ):
        return unicodedata.normalize("NFKC", character)
    return character


def _refuse_unknown(text: str) -> None:
    for place, character in enumerate(text, start=1):
        plain = _unified(character.translate(_FOLDS))
        if _KNOWN.fullmatch(plain) or _INVISIBLE.match(character) or plain in ("々", "\r"):
            continue
        name = unicodedata.name(character, "unnamed")
        where = f"{character!r} (U+{ord(character):04X} {name}) at character {place}"
        raise TextError(f"{where}: {_remedy(character, name)}")


def _remedy(character: str, name: str) -> str:
    script = name.split(maxsplit=1)[0]
    if script in ("HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO") or "KATAKANA" in name:
        return (
            f"Cantonese does not read {script.lower()}; write the word in Chinese characters, or "
            "give its reading in the text, {word|jyutping}"
        )
    if character == "\ufffd":
        return "a character was lost here; decode the text anew, or repair it"
    if unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs"):
        return "it cannot be seen or spoken; remove it"
    return "it has no reading in Cantonese; write it as a word, or remove it"
