"""Hanja: words by the dictionary of the analyser, other characters by their usual reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from voxgate.errors import TextError
from voxgate.text.korean.morphemes import morphemes_of
from voxgate.text.korean.syllables import is_hangul, split

__all__ = ["speak_hanja"]

_HANJA = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{_HANJA}]+")
_GLOSS = re.compile(rf"(?<=[가-힣])(?P<gloss>\((?P<hanja>[{_HANJA}]+)\))")
_INITIAL_N = {"ㅑ", "ㅕ", "ㅛ", "ㅠ", "ㅖ", "ㅣ", "ㅒ"}


def speak_hanja(text: str) -> str:
    """Write hanja in hangul; a gloss that repeats the word before it is not said twice.

    Raises:
        TextError: a character has no Korean reading here; names it and its place.
    """
    if not _RUN.search(text):
        return text
    text = _GLOSS.sub(_without_echo, text)
    return _RUN.sub(_read, text)


def _without_echo(match: re.Match[str]) -> str:
    said = _reading(match["hanja"], first=True)
    written = match.string[max(0, match.start() - len(said)) : match.start()]
    return "" if written == said else match.group()


def _read(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1] if match.start() else ""
    return _reading(match.group(), first=not is_hangul(before), place=match.start() + 1)


def _reading(run: str, *, first: bool, place: int = 1) -> str:
    said = ""
    for morpheme in morphemes_of(run):
        word = run[morpheme.start : morpheme.end]
        reading = morpheme.reading
        if not reading or len(reading) != len(word) or not all(map(is_hangul, reading)):
            reading = "".join(
                _character(char, word[i + 1 :], place + morpheme.start + i)
                for i, char in enumerate(word)
            )
        said += reading
    return _initial(said[0]) + said[1:] if first and said else said


def _character(char: str, rest: str, place: int) -> str:
    reading = _readings().get(char)
    if reading is None:
        raise TextError(
            f"{char!r} (U+{ord(char):04X}) at character {place} is a hanja without a Korean "
            f"reading "
            "here: write the word in hangul, or {" + char + "|its reading in hangul}"
        )
    following = _readings().get(rest[:1])
    if char == "不" and following and split(following).lead in "ㄷㅈ":
        return "부"
    return reading


def _initial(char: str) -> str:
    """Apply the law of initials: 녀 is 여, 로 is 노 at the beginning of a word."""
    syllable = split(char)
    if syllable.lead in "ㄴㄹ" and syllable.vowel in _INITIAL_N:
        syllable.lead = "ㅇ"
    elif syllable.lead == "ㄹ":
        syllable.lead = "ㄴ"
    return str(syllable)


@cache
def _readings() -> Mapping[str, str]:
    text = files("voxgate.text.korean").joinpath("data", "hanja.tsv").read_text(encoding="utf-8")
    readings: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            reading, _, characters = line.partition("\t")
            readings.update(dict.fromkeys(characters, reading))
    return readings
