"""Pronounce normalised Japanese: each word with its phonemes and the marks of accent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from voxgate.errors import TextError
from voxgate.text.front_end import Phones, SpokenWord
from voxgate.text.inline_readings import FIRST_PLACE
from voxgate.text.japanese.analysis import (
    Feature,
    NamedReading,
    analyse,
    make_labels,
    word_phones,
)
from voxgate.text.japanese.homographs import write_out
from voxgate.text.japanese.labels import Sound, sounds_of_labels
from voxgate.text.japanese.marks import BREAKS
from voxgate.text.japanese.places import PLACE, LiftedText
from voxgate.text.japanese.readings import NOTATION, read_notation
from voxgate.text.symbols import PUNCTUATION, UNKNOWN

__all__ = ["Source", "kana_of", "pronounce"]

Source = Literal["user", "dictionary", "guess", "mark"]
"""How a reading was found; `guess` is a word that the dictionary does not know."""

_MAX_CLAUSE = 400
"""Characters: nobody writes more without a mark, and the dictionary's work stays in bounds."""

_PART = re.compile("[,.!?…「」（）〜-]|[^,.!?…「」（）〜 -]+")
_CUT = re.compile(r".*[はがをにでともへのてばりたる](?=[一-鿿ァ-ヴ])", re.DOTALL)
_SILENT = frozenset(("、", "。", "？", "！", ""))


@dataclass(frozen=True)
class _Places:
    """How the words at the places of a text are read and written."""

    readings: Mapping[str, NamedReading]
    words: Mapping[str, str]


def pronounce(lifted: LiftedText, text: str, *, accents: bool) -> tuple[SpokenWord, ...]:
    """Pronounce normalised `text` with the places of `lifted`.

    With `accents` phonemes are those of the second table, else those of the first.

    Raises:
        TextError: a reading is no reading, or nothing knows how a character is read.
    """
    places = _places(lifted)
    spoken: list[SpokenWord] = []
    for part in _parts(text):
        if part in PUNCTUATION or part in BREAKS:
            phone = part if part in PUNCTUATION else UNKNOWN
            spoken.append(SpokenWord(word=part, phones=(phone,), source="mark"))
        else:
            spoken.extend(_words(_look_up(part, places), places, accents))
    return tuple(spoken)


def kana_of(lifted: LiftedText, text: str) -> str:
    """Return normalised `text` in katakana as pronounced, without marks."""
    places = _places(lifted)
    kana = [
        str(feature["pron"])
        for part in _parts(text)
        if part not in PUNCTUATION and part not in BREAKS
        for feature in _look_up(part, places)
    ]
    return re.sub("[^ァ-ヴー]", "", "".join(kana))


def _places(lifted: LiftedText) -> _Places:
    readings: dict[str, NamedReading] = {}
    words: dict[str, str] = {}
    for index, (word, reading) in enumerate(zip(lifted.words, lifted.readings, strict=True)):
        found = read_notation(reading)
        if found is None:
            raise TextError(f"{{{word}|{reading}}}: {reading!r} is no reading; need {NOTATION}")
        readings[chr(FIRST_PLACE + index)] = found
        words[chr(FIRST_PLACE + index)] = word
    return _Places(readings, words)


def _parts(text: str) -> Iterator[str]:
    """Yield marks and what stands between them, cut where it is longer than a clause ever is."""
    for part in _PART.findall(text):
        rest = part
        while len(rest) > _MAX_CLAUSE:
            head = _CUT.match(rest[:_MAX_CLAUSE])
            at = head.end() if head else _MAX_CLAUSE
            yield rest[:at]
            rest = rest[at:]
        if rest:
            yield rest


def _look_up(part: str, places: _Places) -> list[Feature]:
    features = analyse(write_out(part), places.readings)
    for feature in features:
        string = feature["string"]
        if feature["pron"] in _SILENT and any(map(str.isalnum, string)):
            raise TextError(
                f"nothing knows how {string!r} (U+{ord(string[0]):04X}) is read: write it in kana, "
                f"or with its reading as {{{string}|カナ}}, or put it into the lexicon"
            )
    return features


def _words(features: list[Feature], places: _Places, accents: bool) -> Iterator[SpokenWord]:
    """Give each word its phonemes, and to each the marks of accent that follow them."""
    if not features:
        return
    sounds = sounds_of_labels(make_labels(features))
    spoken: list[tuple[Feature, list[Sound]]] = []
    at = 0
    for feature, phones in word_phones(features):
        of_word: list[Sound] = []
        for phone in phones:
            while at < len(sounds) and sounds[at].phone == "pau" != phone:
                of_word.append(sounds[at])
                at += 1
            if at < len(sounds) and sounds[at].phone == phone:
                of_word.append(sounds[at])
                at += 1
        spoken.append((feature, of_word))
    spoken[-1][1].extend(sounds[at:])  # whosever they are, they are spoken
    for feature, of_word in spoken:
        if of_word:
            yield _word(feature, of_word, places, accents)


def _word(feature: Feature, sounds: list[Sound], places: _Places, accents: bool) -> SpokenWord:
    string = str(feature["string"])
    phones: Phones = tuple(
        phone for sound in sounds for phone in (sound.with_accent() if accents else sound.plain())
    )
    source: Source = "dictionary"
    if PLACE.match(string):
        source = "user"
    elif feature["is_unknown"]:
        source = "guess"
    return SpokenWord(
        word=places.words.get(string, string),
        phones=phones,
        source=source,
        guessed=source == "guess",
    )
