"""Find the syllable of each character of a clause: users' terms, phrases, rules, network, tones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voxgate.text.chinese.erhua import say_er
from voxgate.text.chinese.groups import join_words
from voxgate.text.chinese.phrases import base_readings
from voxgate.text.chinese.polyphone_model import PolyphoneModel
from voxgate.text.chinese.rules import default_readings, rule_readings
from voxgate.text.chinese.tones import change_tones
from voxgate.text.chinese.words import Word, cut

__all__ = ["Syllable", "find_readings", "read_clause"]

_MANNER = frozenset("adzilo")
"""Adjectives, adverbs, states, idioms, set phrases, sounds."""

_AROUND = 8
"""Tones hear no farther."""

_UNSURE = frozenset(("model", "single"))


@dataclass(frozen=True)
class Syllable:
    """What a character is read as, and how that was found."""

    pinyin: str
    source: str
    """`user`, `phrase`, `rule`, `model`, or `single`: the commonest reading."""

    guessed: bool


def read_clause(
    clause: str,
    *,
    spans: Sequence[tuple[int, tuple[str, ...]]] = (),
    model: PolyphoneModel,
    around: tuple[str, str] = ("", ""),
) -> tuple[tuple[Word, ...], tuple[Syllable, ...]]:
    """Return the words of a clause of simplified characters, and a syllable for each character.

    `spans` are the words whose reading the user gave, each with its place, in order; `around` is
    what stands before and behind in the sentence.
    """
    words = _cut_around(clause, spans)
    groups = join_words(words)
    found = _find(clause, groups, spans, model, around)
    fixed = {start + place: pinyin for start, term in spans for place, pinyin in enumerate(term)}
    said = _say(clause, groups, [pinyin for pinyin, _ in found])
    syllables = tuple(
        Syllable(
            fixed.get(place, pinyin),
            source,
            source in _UNSURE and model.knows(clause[place]),
        )
        for place, (pinyin, (_, source)) in enumerate(zip(said, found, strict=True))
    )
    return words, syllables


def _cut_around(clause: str, spans: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[Word, ...]:
    """Cut a clause into words; each of the user's words stays whole."""
    words: list[Word] = []
    end = 0
    for start, term in spans:
        words += cut(clause[end:start]) if start > end else ()
        end = start + len(term)
        words.append(Word(clause[start:end], "nz"))
    words += cut(clause[end:]) if end < len(clause) else ()
    return tuple(words)


def find_readings(
    clause: str, *, model: PolyphoneModel, around: tuple[str, str] = ("", "")
) -> tuple[tuple[str, str], ...]:
    """Return for each character its dictionary reading, before tones change, and its source."""
    return tuple(_find(clause, join_words(cut(clause)), (), model, around))


def _find(
    clause: str,
    groups: Sequence[Word],
    spans: Sequence[tuple[int, tuple[str, ...]]],
    model: PolyphoneModel,
    around: tuple[str, str],
) -> list[tuple[str, str]]:
    found = [
        (pinyin, "phrase" if phrase else "single")
        for group in groups
        for pinyin, phrase in base_readings(group.text)
    ]
    for place in _particles(groups):
        found[place] = ("de5", "rule")
    defaults = default_readings()
    for place, (_, source) in enumerate(found):
        if source == "single" and clause[place] in defaults:
            found[place] = (defaults[clause[place]], "rule")
    for place, pinyin in rule_readings(clause).items():
        found[place] = (pinyin, "rule")
    for start, term in spans:
        found[start : start + len(term)] = [(pinyin, "user") for pinyin in term]
    places = [
        place
        for place, (_, source) in enumerate(found)
        if source == "single" and model.knows(clause[place])
    ]
    if places:
        before, after = around
        answers = model.read(before + clause + after, [place + len(before) for place in places])
        for place, pinyin in zip(places, answers, strict=True):
            found[place] = (pinyin, "model")
    return found


def _particles(groups: Sequence[Word]) -> Iterator[int]:
    """Yield the places of 地 behind what says how something is done."""
    place = 0
    for number, (before, word) in enumerate(pairwise(groups)):
        place += len(before.text)
        behind = groups[number + 2 : number + 3]
        acts = len(before.text) > 1 and bool(behind) and behind[0].flag.startswith("v")
        if word.text == "地" and (acts or before.flag[:1] in _MANNER):
            yield place


def _say(clause: str, groups: Sequence[Word], pinyin: Sequence[str]) -> list[str]:
    said: list[str] = []
    for group in groups:
        start = len(said)
        end = start + len(group.text)
        toned = change_tones(
            group,
            list(pinyin[start:end]),
            clause[max(0, start - _AROUND) : start],
            clause[end : end + _AROUND],
        )
        said += say_er(group, toned)
    return said
