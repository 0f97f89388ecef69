"""Pronounce normalised Japanese: each word with its phonemes and the marks of accent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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

_CLAUSE_CHARACTERS = 400
_CUT = re.compile(r".*[はがをにでともへのてばりたる](?=[一-鿿ァ-ヴ])", re.DOTALL)
_HAN = re.compile("[㐀-鿿豈-﫿々〇\U00020000-\U000323af]")
_SILENT = frozenset(("、", "。", "？", "！", ""))


@dataclass(frozen=True)
class _Readings:
    """What stands at the places of a text."""

    names: Mapping[str, NamedReading]
    morae: Mapping[str, int]
    words: Mapping[str, str]


def pronounce(lifted: LiftedText, text: str, *, accents: bool) -> tuple[SpokenWord, ...]:
    """Pronounce normalised `text` with the places of `lifted`.

    With `accents` phonemes are those of the second table, else those of the first.

    Raises:
        TextError: a reading is no reading, or nothing knows how a character is read.
    """
    readings = _readings(lifted)
    spoken: list[SpokenWord] = []
    for part in _parts(text):
        if isinstance(part, str):
            phone = part if part in PUNCTUATION else UNKNOWN
            spoken.append(SpokenWord(word=part, phones=(phone,), source="mark"))
        else:
            spoken.extend(_speak(part, readings, accents))
    return tuple(spoken)


def kana_of(lifted: LiftedText, text: str) -> str:
    """Return normalised `text` in katakana as pronounced, without marks."""
    readings = _readings(lifted)
    kana: list[str] = []
    for part in _parts(text):
        if not isinstance(part, str):
            for features in _analyse(part, readings):
                kana.extend(str(feature["pron"]) for feature in features)
    return re.sub("[^ァ-ヴー]", "", "".join(kana))


def _readings(lifted: LiftedText) -> _Readings:
    names: dict[str, NamedReading] = {}
    morae: dict[str, int] = {}
    words: dict[str, str] = {}
    for index, (word, reading) in enumerate(zip(lifted.words, lifted.readings, strict=True)):
        found = read_notation(reading)
        if found is None:
            raise TextError(f"{{{word}|{reading}}}: {reading!r} is no reading; need {NOTATION}")
        place = chr(FIRST_PLACE + index)
        names[place] = found[:2]
        morae[place] = found[2]
        words[place] = word
    return _Readings(names, morae, words)


@dataclass(frozen=True)
class _Clause:
    """What stands between marks; brackets are inside it."""

    text: str


def _parts(text: str) -> Iterator[str | _Clause]:
    """Yield marks and clauses; a clause is cut where it is longer than the dictionary likes."""
    for match in re.finditer(r"[,.!?…〜-]|[^,.!?…〜-]+", text):
        part = match.group()
        if part in PUNCTUATION or part in BREAKS:
            yield part
            continue
        for words in part.split(" "):
            rest = words
            while len(rest) > _CLAUSE_CHARACTERS:
                head = _CUT.match(rest[:_CLAUSE_CHARACTERS])
                at = head.end() if head else _CLAUSE_CHARACTERS
                yield _Clause(rest[:at])
                rest = rest[at:]
            if rest:
                yield _Clause(rest)


def _speak(clause: _Clause, readings: _Readings, accents: bool) -> Iterator[SpokenWord]:
    """Speak a clause, bracket by bracket."""
    for piece in re.findall(r"[「」（）]|[^「」（）]+", clause.text):
        if piece in BREAKS:
            yield SpokenWord(word=piece, phones=(UNKNOWN,), source="mark")
            continue
        for features in _analyse(_Clause(piece), readings):
            yield from _words(features, readings, accents)


def _analyse(clause: _Clause, readings: _Readings) -> Iterator[list[Feature]]:
    for features in analyse(write_out(clause.text), readings.names, readings.morae):
        for feature in features:
            _require_reading(feature)
        yield features


def _require_reading(feature: Feature) -> None:
    """Nothing is lost in silence: what has no pronunciation is named."""
    string = feature["string"]
    if feature["pron"] in _SILENT and _HAN.search(string):
        raise TextError(
            f"nothing knows how {string!r} is read (U+{ord(string[0]):04X}): write it in kana, as "
            f"{{{string}|カナ}}, or put it into the lexicon"
        )


def _words(
    features: list[Feature], readings: _Readings, accents: bool
) -> Iterator[SpokenWord]:
    sounds = iter(sounds_of_labels(make_labels(features)))
    pending = next(sounds, None)
    for feature, phones in zip(features, word_phones(features), strict=True):
        spoken: list[Sound] = []
        for phone in phones:
            while pending is not None and pending.phone == "pau" != phone:
                spoken.append(pending)
                pending = next(sounds, None)
            if pending is None:
                break
            if pending.phone == phone:
                spoken.append(pending)
                pending = next(sounds, None)
        if spoken:
            yield _word(feature, spoken, readings, accents)


def _word(
    feature: Feature, sounds: Sequence[Sound], readings: _Readings, accents: bool
) -> SpokenWord:
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
        word=readings.words.get(string, string),
        phones=phones,
        source=source,
        guessed=source == "guess",
    )
