"""Derive the pronunciation of a word that a dictionary lacks from words that it has."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["pronounce_compound", "pronounce_inflected"]

Phones = tuple[str, ...]
Find = Callable[[str], Phones | None]

_HISSING = frozenset("S Z SH ZH CH JH".split())
_VOICELESS = frozenset("P T K F TH".split())
_VOICELESS_BEFORE_D = frozenset("P K F S SH CH TH".split())
_VOWELS = frozenset("aeiou")
_MIN_STEM = 3
_MIN_PART = 5
"""Shorter second words are too often just an ending: the spelling model guesses better there."""

_CONTRACTED: dict[str, Phones] = {
    "'ll": ("AH0", "L"),
    "'re": ("ER0",),
    "'ve": ("V",),
    "'d": ("D",),
    "'m": ("M",),
    "n't": ("AH0", "N", "T"),
}
_PREFIXES: dict[str, Phones] = {
    "un": ("AH0", "N"),
    "re": ("R", "IY0"),
    "non": ("N", "AA2", "N"),
    "pre": ("P", "R", "IY0"),
    "mis": ("M", "IH0", "S"),
    "over": ("OW1", "V", "ER0"),
    "under": ("AH1", "N", "D", "ER0"),
    "multi": ("M", "AH1", "L", "T", "IY0"),
    "anti": ("AE1", "N", "T", "IY0"),
    "auto": ("AO1", "T", "OW0"),
    "micro": ("M", "AY1", "K", "R", "OW0"),
    "super": ("S", "UW1", "P", "ER0"),
    "inter": ("IH2", "N", "T", "ER0"),
    "sub": ("S", "AH1", "B"),
}
_SUFFIXES: dict[str, Phones] = {
    "ing": ("IH0", "NG"),
    "er": ("ER0",),
    "ers": ("ER0", "Z"),
    "ly": ("L", "IY0"),
    "ness": ("N", "AH0", "S"),
    "less": ("L", "AH0", "S"),
    "ful": ("F", "AH0", "L"),
    "ment": ("M", "AH0", "N", "T"),
    "able": ("AH0", "B", "AH0", "L"),
    "ward": ("W", "ER0", "D"),
    "wards": ("W", "ER0", "D", "Z"),
    "ism": ("IH2", "Z", "AH0", "M"),
    "ist": ("IH0", "S", "T"),
    "ists": ("IH0", "S", "T", "S"),
    "ish": ("IH0", "SH"),
}


def pronounce_inflected(word: str, find: Find) -> Phones | None:
    """Pronounce possessives, contractions, plurals and forms in -ed, -ing, -er, -ly and so on."""
    for ending, phones in _CONTRACTED.items():
        stem = find(word.removesuffix(ending)) if word.endswith(ending) else None
        if stem:
            return stem + phones
    if word.endswith("ically"):
        stem = find(word[:-4])
        return stem and (*stem, "L", "IY0")
    if word.endswith("'s"):
        stem = find(word[:-2])
        return stem and stem + _plural_ending(stem)
    return _plural(word, find) or _past(word, find) or _suffixed(word, find)


def pronounce_compound(word: str, find: Find) -> Phones | None:
    """Split into a prefix and a word, or into two words; None where neither is known.

    Of several splits the most even one is taken ("voice + mail"); the second word's main stress
    becomes a secondary one.
    """
    for prefix, phones in _PREFIXES.items():
        rest = word.removeprefix(prefix)
        found = find(rest) if rest != word and len(rest) > _MIN_STEM else None
        if found:
            return phones + found
    splits = range(_MIN_PART, len(word) - _MIN_PART + 1)
    for at in sorted(splits, key=lambda at: (abs(len(word) - 2 * at), at)):
        first, second = find(word[:at]), find(word[at:])
        if first and second:
            return first + tuple(phone.replace("1", "2") for phone in second)
    return None


def _plural_ending(stem: Phones) -> Phones:
    if stem[-1] in _HISSING:
        return ("IH0", "Z")
    return ("S",) if stem[-1] in _VOICELESS else ("Z",)


def _plural(word: str, find: Find) -> Phones | None:
    if not word.endswith("s") or word.endswith("ss"):
        return None
    stems = [word[:-1]]
    if word.endswith("ies"):
        stems.append(f"{word[:-3]}y")
    elif word.endswith("es"):
        stems.append(word[:-2])
    stem = _first(stems, find)
    return stem and stem + _plural_ending(stem)


def _past(word: str, find: Find) -> Phones | None:
    if not word.endswith("ed"):
        return None
    stem = _first(_stems(word[:-2], "ed"), find)
    if not stem:
        return None
    if stem[-1] in ("T", "D"):
        return (*stem, "IH0", "D")
    return (*stem, "T" if stem[-1] in _VOICELESS_BEFORE_D else "D")


def _suffixed(word: str, find: Find) -> Phones | None:
    for suffix, phones in _SUFFIXES.items():
        if word.endswith(suffix):
            stem = _first(_stems(word.removesuffix(suffix), suffix), find)
            if stem:
                return (stem[:-1] if stem[-1] == phones[0] else stem) + phones
    return None


def _stems(stem: str, suffix: str) -> list[str]:
    """Undo spelling changes before a suffix: none, a dropped e, a doubled consonant, i for y."""
    if len(stem) < _MIN_STEM:
        return []
    stems = [stem]
    if suffix[0] in _VOWELS:
        stems.append(f"{stem}e")
        if stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
            stems.append(stem[:-1])
    if stem.endswith("i"):
        stems.append(f"{stem[:-1]}y")
    return stems


def _first(words: list[str], find: Find) -> Phones | None:
    for word in words:
        found = find(word) if len(word) >= _MIN_STEM else None
        if found:
            return found
    return None
