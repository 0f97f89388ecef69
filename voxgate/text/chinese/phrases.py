"""Readings of words and characters by pypinyin's tables, and forms of a script by OpenCC."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from voxgate.text.extras import libraries_of

__all__ = ["base_readings", "is_known", "known_syllables", "simplified", "traditional"]

_LONGEST = 8
_CACHED_WORDS = 65_536
_ALWAYS_NEUTRAL = frozenset("们")


@cache
def _tables() -> tuple[dict[str, Any], dict[int, str], Any]:
    with libraries_of("zh"):
        from pypinyin.contrib.tone_convert import to_tone3
        from pypinyin.phrases_dict import phrases_dict
        from pypinyin.pinyin_dict import pinyin_dict
    return phrases_dict, pinyin_dict, to_tone3


@cache
def _converter(name: str) -> Any:
    with libraries_of("zh"):
        import opencc
    return opencc.OpenCC(name)


def traditional(text: str) -> str:
    """Return the text in traditional characters as Taiwan writes them."""
    converted: str = _converter("s2tw").convert(text)
    return converted


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """Return the text in simplified characters, one for each: a lookup key, not what is kept."""
    converted: str = _converter("t2s").convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_converter("t2s").convert(character)[:1] or character for character in text)


@lru_cache(maxsize=_CACHED_WORDS)
def base_readings(word: str) -> tuple[tuple[str, bool], ...]:
    """Return a syllable for each character, and whether a phrase of the table gave it."""
    phrases, _, _ = _tables()
    found: list[tuple[str, bool]] = []
    place = 0
    while place < len(word):
        for size in range(min(_LONGEST, len(word) - place), 1, -1):
            phrase = word[place : place + size]
            if phrase in phrases:
                found += [(_syllable(reading[0]), True) for reading in phrases[phrase]]
                place += size
                break
        else:
            found.append((character_reading(word[place]), False))
            place += 1
    return tuple(found)


@lru_cache(maxsize=_CACHED_WORDS)
def character_reading(character: str) -> str:
    """Return the commonest syllable of a character; "" where the table has none."""
    if character in _ALWAYS_NEUTRAL:
        return "men5"
    _, characters, _ = _tables()
    readings = characters.get(ord(character), "")
    return _syllable(readings.split(",")[0]) if readings else ""


def is_known(character: str) -> bool:
    """Tell whether the table has a reading of the character."""
    return ord(character) in _tables()[1]


@lru_cache(maxsize=_CACHED_WORDS)
def _syllable(reading: str) -> str:
    _, _, to_tone3 = _tables()
    syllable: str = to_tone3(reading, neutral_tone_with_five=True)
    return syllable.replace("ü", "v")


@cache
def known_syllables() -> frozenset[str]:
    """Return all syllables without their tones."""
    _, characters, _ = _tables()
    return frozenset(
        _syllable(reading)[:-1]
        for readings in characters.values()
        for reading in readings.split(",")
    )
