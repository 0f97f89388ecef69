"""What brings two texts to the words that are compared: the project's way, or one for es and fr."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from scripts.corpus.spelling import mend_spelling
from voxgate.text.languages import LANGUAGES

__all__ = ["load_wording"]

Wording = Callable[[str], list[str]]

_SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro "
    "veinticinco veintiseis veintisiete veintiocho veintinueve"
).split()
_SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_FRENCH = (
    "zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    "dix sept|dix huit|dix neuf"
).split("|")
_FRENCH_TENS = "vingt trente quarante cinquante soixante".split()
_NUMBER = re.compile(r"\d+")


def load_wording(language: str) -> Wording:
    """Return what makes a list of comparable words of a text.

    A language with a front end goes through the product's own comparison, whose units are words,
    syllables, kana or characters. Spanish and French have none: Whisper's basic normaliser (small
    letters, no marks, no accents: the Spanish list has few), and numbers up to 99 in
    words. Misspelt words of the packages are mended (`spelling`).
    """
    if language in LANGUAGES:
        from voxgate.wiring.evaluators import text_normaliser

        spoken = text_normaliser(language)
        return lambda text: spoken(mend_spelling(language, text)).split()
    from whisper.normalizers import BasicTextNormalizer

    basic = BasicTextNormalizer(remove_diacritics=True)
    names = _NAMES[language]

    def words(text: str) -> list[str]:
        mended = mend_spelling(language, basic(text))
        return _NUMBER.sub(lambda found: _named(found, names), mended).split()

    return words


def _named(found: re.Match[str], names: tuple[str, ...]) -> str:
    number = int(found.group())
    return names[number] if number < len(names) else found.group()


def _spanish() -> tuple[str, ...]:
    rest = (
        f"{tens} y {_SPANISH[ones]}" if ones else tens
        for tens in _SPANISH_TENS
        for ones in range(10)
    )
    return (*_SPANISH, *rest)


def _french() -> tuple[str, ...]:
    return tuple(_french_number(number) for number in range(100))


def _french_number(number: int) -> str:
    """Return a number up to 99 as it is said in Canada and France: by twenties above sixty."""
    if number < len(_FRENCH):
        return _FRENCH[number]
    if number < 70:  # noqa: PLR2004  # soixante-dix counts on from sixty
        tens, ones = divmod(number, 10)
        head = _FRENCH_TENS[tens - 2]
    else:
        tens, ones = (8, number - 80) if number >= 80 else (6, number - 60)  # noqa: PLR2004
        head = "quatre vingt" if tens == 8 else "soixante"  # noqa: PLR2004
    if not ones:
        return head
    joined = " et " if ones in {1, 11} and tens != 8 else " "  # noqa: PLR2004
    return f"{head}{joined}{_FRENCH[ones]}"


_NAMES: Mapping[str, tuple[str, ...]] = {"es": _spanish(), "fr": _french()}
