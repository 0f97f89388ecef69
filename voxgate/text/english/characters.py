"""Bring Unicode text down to the characters that the English rules know."""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError

__all__ = ["plain_characters"]

_KEPT_SYMBOLS = "…°€£¥₹¢μ"
"""Symbols outside ASCII that later rules read aloud."""

_BEFORE_FOLDING = {
    # quotation marks and apostrophes
    **dict.fromkeys("“”„‟«»「」『』《》〈〉【】〔〕", '"'),
    **dict.fromkeys("‘’‛ʼ`´′＇", "'"),
    # dashes: an en dash between digits is a range, see `_DIGIT_RANGE`
    **dict.fromkeys("—―⸺～〜", " - "),
    **dict.fromkeys("‐‑−﹣－", "-"),
    # marks that compatibility folding does not reach
    **dict.fromkeys("。｡．", ". "),
    **dict.fromkeys("、，､", ", "),
    **dict.fromkeys("•·・‧∙", ", "),
    "；": "; ",
    "：": ": ",
    "！": "! ",
    "？": "? ",
    "¡": "",
    "¿": "",
    "‥": "…",
    "⋯": "…",
    # symbols that folding would turn into letters or digits
    **dict.fromkeys("™®©℠", ""),
    "²": " squared ",
    "³": " cubed ",
    "№": " No. ",
    # signs that are words
    "×": " times ",
    "÷": " divided by ",
    "±": " plus or minus ",
    "≈": " about ",
    "≠": " is not ",
    "≤": " at most ",
    "≥": " at least ",
    "∞": " infinity ",
    "§": " section ",
    "→": " to ",
    "Ω": " ohms ",
    "‰": " per mille ",
    # Latin letters that do not decompose
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ı": "i",
}

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma sigma tau upsilon phi chi psi omega"
).split()

_DIGIT_RANGE = re.compile(r"(?<=\d)\s*–\s*(?=\d)")
_VULGAR_FRACTION = re.compile("[¼½¾⅐-⅞]")
_GREEK_WORD = re.compile(r"[Α-Ωα-ω]+")


def plain_characters(text: str) -> str:
    """Return `text` in printable ASCII and a few symbols that later rules speak.

    Full-width and typographic forms are folded (upstream drops full-width punctuation, and with
    it the pauses), accents are removed, single Greek letters are named. Emoji, control and other
    silent characters become spaces.

    Raises:
        TextError: a letter of another script is left; names the first one and its place.
    """
    folded = unicodedata.normalize("NFC", text)
    folded = _DIGIT_RANGE.sub("-", folded).replace("–", " - ")
    folded = _VULGAR_FRACTION.sub(r" \g<0> ", folded)
    folded = "".join(_BEFORE_FOLDING.get(char, char) for char in folded)
    folded = folded.replace("...", "…")
    folded = "".join(c if c in _KEPT_SYMBOLS else unicodedata.normalize("NFKC", c) for c in folded)
    folded = folded.replace("⁄", "/").replace("µ", "μ")
    folded = "".join(c for c in _decomposed(folded) if not unicodedata.combining(c))
    folded = _GREEK_WORD.sub(_name_of_greek_letter, folded)
    _refuse_other_scripts(folded)
    return " ".join("".join(_ascii(char) for char in folded).split())


def _decomposed(text: str) -> str:
    """Split accents off; a micro sign before a Latin letter is a unit and stays."""
    return unicodedata.normalize("NFKD", text.replace("…", "\0")).replace("\0", "…")


def _name_of_greek_letter(match: re.Match[str]) -> str:
    letters = match.group()
    if letters == "μ" or len(letters) > 1:
        return letters
    first = "α" if letters.islower() else "Α"
    return f" {_GREEK[ord(letters) - ord(first)]} "


def _refuse_other_scripts(text: str) -> None:
    for position, char in enumerate(text):
        if char.isascii() or char in _KEPT_SYMBOLS or not char.isalpha():
            continue
        name = unicodedata.name(char, "unnamed")
        raise TextError(
            f"{char!r} (U+{ord(char):04X} {name}, near character {position}) is no English letter; "
            "English is the only language so far (zh, ja, ko, yue are not built): write the word "
            "in Latin letters or remove it"
        )


def _ascii(char: str) -> str:
    if char in _KEPT_SYMBOLS or (char.isascii() and char.isprintable()):
        return char
    digit = unicodedata.decimal(char, None)
    return " " if digit is None else str(digit)
