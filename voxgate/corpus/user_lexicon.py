"""The lines of the user's own pronunciations, one a word; comments and order are kept.

The files lie in data/, one a language, and are read by the front ends (`voxgate/text/`), which
alone say whether a line is sound: what is here only finds, adds and takes away lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from voxgate.errors import ConfigError
from voxgate.text.front_end import Phones
from voxgate.text.term_lines import Term

__all__ = ["check_arpabet", "check_written", "list_terms", "term_key", "with_term", "without_term"]

_ENGLISH = "en"
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*", re.IGNORECASE)
_GAP = re.compile(r"\t+| {2,}")
_CONSONANT = re.compile(r"B|CH|DH?|F|G|HH|JH|K|L|M|NG?|P|R|SH?|TH?|V|W|Y|ZH?")
_VOWEL = re.compile(r"(?:A[AEHOWY]|E[HRY]|I[HY]|O[WY]|U[HW])(?P<stress>[012]?)")


def check_arpabet(written: str, phones: Sequence[str]) -> Phones:
    """Return the phonemes of an English word in capitals.

    The tables also hold what other languages are made of, and vowels without stress: a voice that
    never met one in training would speak noise there.

    Raises:
        ConfigError: it is no single word, or a phoneme is none of ARPAbet's, or there is none;
            names all of them.
    """
    faults = []
    if not _WORD.fullmatch(written):
        faults.append(
            f"{written!r}: expected one word of letters a-z, with ' or - inside only; of a longer "
            "term add the words one by one, and write numbers as words"
        )
    if not phones:
        faults.append(f"{written!r}: expected phonemes, as HH AH0 L OW1; got none")
    faults += [fault for phone in phones if (fault := _phone_fault(phone.upper()))]
    if faults:
        raise ConfigError("the user lexicon", faults)
    return tuple(phone.upper() for phone in phones)


def check_written(*fields: str) -> None:
    """Refuse what would not come back from a line as it was: tabs, line ends, comments.

    Raises:
        ConfigError: names all of them.
    """
    faults = [
        f"{one!r}: expected printable text of one line, without blanks around it"
        for one in fields
        if not one or not one.isprintable() or one != one.strip()
    ]
    if fields[0].startswith("#"):
        faults.append(f"{fields[0]!r}: a line that begins with '#' is a comment")
    if faults:
        raise ConfigError("the user lexicon", faults)


def term_key(written: str, language: str) -> str:
    """Return what two lines must not share: English words have one case.

    >>> term_key("Zyrtec", "en"), term_key("银行", "zh")
    ('zyrtec', '银行')
    """
    return written.lower() if language == _ENGLISH else written


def list_terms(text: str, language: str) -> dict[str, Term]:
    """Return the terms of a sound lexicon by their keys, in the order of its lines."""
    found = (_read(line, language, number) for number, line in enumerate(text.splitlines(), 1))
    return {term_key(term.written, language): term for term in found if term is not None}


def with_term(
    text: str, language: str, written: str, reading: str, *, carrier: str | None = None
) -> str:
    """Return the text with the word's line: in the place of the one that it has, else at the end.

    A comment on the line that is replaced stays.
    """
    key = term_key(written, language)
    new = "\t".join([key, reading] if carrier is None else [key, reading, carrier])
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if _key_of(line, language) == key:
            _, mark, comment = line.partition("#") if language == _ENGLISH else ("", "", "")
            lines[index] = f"{new}  #{comment}" if mark else new
            break
    else:
        lines.append(new)
    return "".join(f"{line}\n" for line in lines)


def without_term(text: str, language: str, written: str) -> str:
    """Return the text without the word's line."""
    key = term_key(written, language)
    return "".join(f"{line}\n" for line in text.splitlines() if _key_of(line, language) != key)


def _key_of(line: str, language: str) -> str | None:
    term = _read(line, language, 0)
    return None if term is None else term_key(term.written, language)


def _read(line: str, language: str, number: int) -> Term | None:
    if language != _ENGLISH:
        if not line.strip() or line.lstrip().startswith("#"):
            return None
        written, reading, carrier, *_ = [*map(str.strip, line.split("\t")), "", ""]
    else:  # English lines end at a comment, and two spaces may stand for the first tab
        content = line.partition("#")[0].strip()
        if not content or content.startswith("!"):
            return None
        written, *rest = _GAP.split(content, maxsplit=1)
        reading, _, carrier = "".join(rest).partition("\t")
        written, reading = written.lower(), " ".join(reading.upper().split())
    return Term(written=written, reading=reading, carrier=carrier.strip() or None, line=number)


def _phone_fault(phone: str) -> str | None:
    vowel = _VOWEL.fullmatch(phone)
    if vowel and not vowel["stress"]:
        return f"phoneme {phone}: a vowel needs its stress, {phone}0, {phone}1 or {phone}2"
    if vowel or _CONSONANT.fullmatch(phone):
        return None
    return f"phoneme {phone!r}: expected one of ARPAbet, as K, NG, AH0 or OW1"
