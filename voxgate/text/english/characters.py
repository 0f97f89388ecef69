"""Bring Unicode text down to the characters that the English rules know."""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError
from voxgate.text.english.digit_groups import join_thin_groups

__all__ = ["plain_characters"]

_KEPT_SYMBOLS = "…°€£¥₹¢₩₽₺₱₪₫₿μΩ√≤≥≠"
"""Symbols outside ASCII that later rules read aloud."""

_BEFORE_FOLDING = {
    # quotation marks and apostrophes
    **dict.fromkeys("“”„‟«»「」『』《》〈〉【】〔〕", '"'),
    **dict.fromkeys("‘’‛ʼ`´′＇", "'"),
    "″": '"',
    # dashes: between amounts they are ranges, see `_RANGE_DASH`; the sign minus is no dash
    **dict.fromkeys("–—―⸺～〜", " - "),
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
    "№": " No. ",
    # signs that are words
    "×": " times ",
    "÷": " divided by ",
    "±": " plus or minus ",
    "∓": " minus or plus ",
    **dict.fromkeys("≈≃≅∼", " about "),
    "≡": " is identical to ",
    "∝": " is proportional to ",
    "∞": " infinity ",
    "∑": " the sum of ",
    "∏": " the product of ",
    "∫": " the integral of ",
    "∂": " partial ",
    "∆": " delta ",
    "∈": " in ",
    "∉": " not in ",
    "∩": " intersection ",
    "∪": " union ",
    "⊂": " is a subset of ",
    "∀": " for all ",
    "∃": " there exists ",
    "∧": " and ",
    "∨": " or ",
    "¬": " not ",
    "∴": " therefore ",
    "⋅": " times ",
    **dict.fromkeys("→⟶➔➜", " to "),
    "⇒": " implies ",
    "⇔": " is equivalent to ",
    "§": " section ",
    "¶": " paragraph ",
    "Ω": "Ω",  # the sign of ohms, which folding would turn into the letter
    "‰": " per mille ",
    "†": " ",
    "‡": " ",
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

_RANGE_DASH = re.compile(
    r"(?<=[\d%°])[^\S\n]*–[^\S\n]*(?=[-−+']?[\d$€£¥₹½¼¾])|(?<=[\d%°$€£])—(?=[\d$€£¥₹])|(?<=[\w.%°])–(?=[\d$€£¥₹])"
)
_DASH_MINUS = re.compile(r"(?<=[\d%°CF])\s*[–—]\s*(?=[-−]\d)")
_MINUS = re.compile(r"(?<=[\w)])\s*−\s*(?=[\w(])")
_RAISED = re.compile("[⁺⁻]?(?:[⁰¹²³⁴-⁹]+|ⁿ(?!ᵈ))")
_BASE = re.compile(r"(?:\d|[)\]]|(?<![^\W_])[^\W\d_]{1,2})$")
_RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_PRODUCT = re.compile(r"(?<=\d)\s?[·⋅]\s?(?=\d)")
_DEGREE = re.compile(r"(?<=\d)\s?[º˚](?=\s?[CF]\b)|(?<=\d)[º˚](?!\w)")
_VULGAR_FRACTION = re.compile("[¼½¾⅐-⅞]")
_GREEK_WORD = re.compile(r"[Α-Ωα-ω]+")
_ORNAMENTS = (
    ("\u2190", "\u21ff"),
    ("\u2300", "\u23ff"),
    ("\u25a0", "\u27bf"),
    ("\u2900", "\u297f"),
)
_LOST = "\ufffd"


def plain_characters(text: str) -> str:
    """Return `text` in printable ASCII and a few symbols that later rules speak.

    Full-width and typographic forms are folded (upstream drops full-width punctuation, and with
    it the pauses), accents are removed, single Greek letters are named. Characters without width
    vanish, so that words stay whole; emoji, control and other silent characters become spaces.

    Raises:
        TextError: a letter of another script, or a sign of mathematics or money without a name
            here, is left; names the first one and its place.
    """
    folded = unicodedata.normalize("NFC", _without_invisible(text))
    folded = _MINUS.sub(" minus ", _RANGE_DASH.sub("-", _DASH_MINUS.sub(" to ", folded)))
    folded = _RAISED.sub(_write_raised, folded)
    folded = join_thin_groups(_DEGREE.sub("°", folded))
    folded = _PRODUCT.sub(" times ", folded.replace("§§", " sections "))
    folded = _VULGAR_FRACTION.sub(r" \g<0> ", folded)
    folded = "".join(_BEFORE_FOLDING.get(char, char) for char in folded)
    folded = folded.replace("...", "…")
    folded = "".join(c if c in _KEPT_SYMBOLS else unicodedata.normalize("NFKC", c) for c in folded)
    folded = folded.replace("⁄", "/").replace("µ", "μ").replace("−", "-")
    folded = "".join(c for c in _decomposed(folded) if not unicodedata.combining(c))
    folded = _GREEK_WORD.sub(_name_of_greek_letter, folded)
    _refuse_unreadable(folded)
    return " ".join("".join(_ascii(char) for char in folded).split())


def _write_raised(match: re.Match[str]) -> str:
    """Write x² as x^2, and the mark of a footnote behind a longer word as a number."""
    raised = match.group().translate(_RAISED_DIGITS)
    base = _BASE.search(match.string[max(0, match.start() - 3) : match.start()])
    return f"^{raised}" if base else f" {raised} "


def _without_invisible(text: str) -> str:
    """Delete soft hyphens, zero-width and directional characters, and variation selectors."""
    if text.isascii():
        return text
    return "".join(char for char in text if not _is_invisible(char))


def _is_invisible(char: str) -> bool:
    return not char.isascii() and (
        unicodedata.category(char) == "Cf"
        or "\ufe00" <= char <= "\ufe0f"
        or char in "\u034f\u180b\u180c\u180d"
    )


def _decomposed(text: str) -> str:
    """Split accents off; signs that decomposition would take apart ("≠") stay."""
    return "".join(
        char if char.isascii() or char in _KEPT_SYMBOLS else unicodedata.normalize("NFKD", char)
        for char in text
    )


def _name_of_greek_letter(match: re.Match[str]) -> str:
    letters = match.group()
    if letters in ("μ", "Ω") or len(letters) > 1:
        return letters
    first = "α" if letters.islower() else "Α"
    return f" {_GREEK[ord(letters) - ord(first)]} "


def _refuse_unreadable(text: str) -> None:
    for position, char in enumerate(text):
        if char.isascii() or char in _KEPT_SYMBOLS:
            continue
        name = unicodedata.name(char, "unnamed")
        where = f"{char!r} (U+{ord(char):04X} {name}, near character {position})"
        if char.isalpha():
            raise TextError(
                f"{where} is no English letter; English is the only language so far (zh, ja, ko, "
                "yue are not built): write the word in Latin letters or remove it"
            )
        if char == _LOST:
            raise TextError(
                f"{where} stands where a character was lost: decode the text anew, or repair it"
            )
        if unicodedata.category(char) in ("Sc", "Sm", "No") and not _is_ornament(char):
            raise TextError(f"{where} is a sign without a reading: write it as a word or remove it")


def _is_ornament(char: str) -> bool:
    """Tell arrows, shapes and pieces of brackets from signs that mean something."""
    return any(low <= char <= high for low, high in _ORNAMENTS)


def _ascii(char: str) -> str:
    if char in _KEPT_SYMBOLS or (char.isascii() and char.isprintable()):
        return char
    digit = unicodedata.decimal(char, None)
    return " " if digit is None else str(digit)
