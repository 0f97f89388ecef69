"""The lines of the user's own pronunciations, one a word; comments and order are kept.

The file lies in data/ and is read by the front end of its language (`voxgate/text/`), which alone
says whether it is sound: what is here only finds, adds and takes away lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from voxgate.errors import ConfigError
from voxgate.text.front_end import Phones

__all__ = ["check_term", "list_terms", "with_term", "without_term"]

_TERM = re.compile(r"[a-z]+(?:['-][a-z]+)*", re.IGNORECASE)
_GAP = re.compile(r"\t+| {2,}")
_CONSONANT = re.compile(r"B|CH|DH?|F|G|HH|JH|K|L|M|NG?|P|R|SH?|TH?|V|W|Y|ZH?")
_VOWEL = re.compile(r"(?:A[AEHOWY]|E[HRY]|I[HY]|O[WY]|U[HW])(?P<stress>[012]?)")


def check_term(term: str, phones: Sequence[str]) -> Phones:
    """Return the phonemes in capitals.

    The tables also hold what other languages are made of, and vowels without stress: a voice that
    never met one in training would speak noise there.

    Raises:
        ConfigError: the term is no single word, or a phoneme is none of ARPAbet's, or there is
            none; names all of them.
    """
    faults = []
    if not _TERM.fullmatch(term):
        faults.append(
            f"{term!r}: expected one word of letters a-z, with ' or - inside only; of a longer "
            "term add the words one by one, and write numbers as words"
        )
    if not phones:
        faults.append(f"{term!r}: expected phonemes, as HH AH0 L OW1; got none")
    faults += [fault for phone in phones if (fault := _phone_fault(phone.upper()))]
    if faults:
        raise ConfigError("the user lexicon", faults)
    return tuple(phone.upper() for phone in phones)


def list_terms(text: str) -> dict[str, Phones]:
    """Return the words of a sound lexicon, in small letters, in the order of its lines."""
    return {found[0]: found[1] for line in text.splitlines() if (found := _read(line))}


def with_term(text: str, term: str, phones: Phones) -> str:
    """Return the text with the word's line: in the place of the one that it has, else at the end.

    A comment on the line that is replaced stays.
    """
    word = term.lower()
    new = f"{word}\t{' '.join(phones)}"
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if (_read(line) or ("",))[0] == word:
            _, mark, comment = line.partition("#")
            lines[index] = f"{new}  #{comment}" if mark else new
            break
    else:
        lines.append(new)
    return "".join(f"{line}\n" for line in lines)


def without_term(text: str, term: str) -> str:
    """Return the text without the word's line."""
    word = term.lower()
    return "".join(f"{line}\n" for line in text.splitlines() if (_read(line) or ("",))[0] != word)


def _read(line: str) -> tuple[str, Phones] | None:
    content = line.partition("#")[0].strip()
    if not content or content.startswith("!"):
        return None
    word, *phones = _GAP.split(content, maxsplit=1)
    return word.lower(), tuple(" ".join(phones).upper().split())


def _phone_fault(phone: str) -> str | None:
    vowel = _VOWEL.fullmatch(phone)
    if vowel and not vowel["stress"]:
        return f"phoneme {phone}: a vowel needs its stress, {phone}0, {phone}1 or {phone}2"
    if vowel or _CONSONANT.fullmatch(phone):
        return None
    return f"phoneme {phone!r}: expected one of ARPAbet, as K, NG, AH0 or OW1"
