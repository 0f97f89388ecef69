"""A deterministic, endless source of unique English sentences for pretraining.

About 40 % are unpredictable word sequences, so that a model of speech cannot lean on grammar; the
others fill templates with names, numbers, dates, times, money, spelled letters and telephone talk.
Everything is spelled out in words (see `spoken.py`). The texts are this project's own.
"""
# ruff: noqa: S311 - seeded choices, not secrets

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from voxgate.errors import TextError
from voxgate.pretraining.speech.spoken import KINDS, speak

__all__ = ["Sentence", "common_words", "normalise", "sentences"]

RANDOM_SHARE = 0.40
MIN_WORDS, MAX_WORDS = 3, 24
_FUNCTION_WORDS = (  # noqa: SIM905 - a word list
    "the a of to in and that for with on as at by from this these those his her their our your my "
    "its some any every no each which who when where how what if then than so but or not only very "
    "is are was were be been has have had do does did will would can could should may might must "
    "he she it they we you I him them us me there here up down out over under again more most"
).split()
_TEMPLATE_WEIGHTS = {"plain": 6, "question": 4, "name": 3, "number": 4, "date": 2, "time": 2}
_TEMPLATE_WEIGHTS |= {"money": 2, "spelled": 2, "phone": 4, "long": 2, "short": 2}
_SLOT = re.compile(r"\{(@?)(\w+)\}")
_MAX_DRAWS = 1000
_WORDS_BEFORE_COMMA, _COMMA_CHANCE = 4, 0.3


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence to be read; `kind` is "random" or the class of its template."""

    index: int
    kind: str
    text: str


@cache
def common_words() -> tuple[str, ...]:
    """Return the 9,000 words of the random sequences, most common first."""
    return tuple(line for line in _lines("words.txt") if line)


def normalise(text: str) -> str:
    """Reduce a text to lower-case words, for comparing two texts.

    >>> normalise("Don't stop -- at  9, please!")
    "don't stop at 9 please"
    """
    kept = re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join(kept.split())


def sentences(seed: int, *, excluded: AbstractSet[str] = frozenset()) -> Iterator[Sentence]:
    """Yield unique sentences without end; the same seed gives the same ones.

    Args:
        seed: names the whole sequence.
        excluded: normalised texts (see `normalise`) that must not appear. They leave a gap in the
            indices, so that a new exclusion never renumbers the other sentences.

    Raises:
        TextError: no new sentence came in 1,000 draws (the templates are exhausted).
    """
    rng = Random(f"sentences:{seed}")
    seen: set[str] = set()
    index = 0
    misses = 0
    while True:
        kind, text = _draw(rng)
        key = normalise(text)
        if key in seen or not MIN_WORDS <= len(key.split()) <= MAX_WORDS:
            misses += 1
            if misses > _MAX_DRAWS:
                raise TextError(
                    f"sentence {index}: no new text in {_MAX_DRAWS} draws; add templates or words"
                )
            continue
        misses = 0
        seen.add(key)
        if key not in excluded:
            yield Sentence(index=index, kind=kind, text=text)
        index += 1


def _draw(rng: Random) -> tuple[str, str]:
    if rng.random() < RANDOM_SHARE:
        return "random", _random_sequence(rng)
    kinds = list(_TEMPLATE_WEIGHTS)
    kind = rng.choices(kinds, weights=list(_TEMPLATE_WEIGHTS.values()))[0]
    return kind, _fill(rng.choice(_templates()[kind]), rng)


def _random_sequence(rng: Random) -> str:
    """Draw 3 to 14 words; in half of the sequences a third of them are function words."""
    count = rng.randint(3, 14)
    glue = rng.choice([0.0, 0.33])
    words: list[str] = []
    since_comma = 0
    for position in range(count):
        pool = _FUNCTION_WORDS if rng.random() < glue else common_words()
        word = rng.choice(pool)
        since_comma += 1
        room = since_comma >= _WORDS_BEFORE_COMMA and position < count - 2
        if room and rng.random() < _COMMA_CHANCE:
            word += ","
            since_comma = 0
        words.append(word)
    return _finish(" ".join(words) + rng.choices([".", "?", "!"], weights=[8, 1, 1])[0])


def _fill(template: str, rng: Random) -> str:
    def value(match: re.Match[str]) -> str:
        spoken, name = match.groups()
        key = name.lower()
        text = speak(key, rng) if spoken else rng.choice(_slots()[key])
        return text[0].upper() + text[1:] if name[0].isupper() else text

    return _finish(_SLOT.sub(value, template))


def _finish(text: str) -> str:
    text = re.sub(r"\b([Aa]) (?=[aeiou])(?!use|usu|uni|one\b|eu|uti)", r"\1n ", text)
    return text[0].upper() + text[1:]


@cache
def _slots() -> dict[str, tuple[str, ...]]:
    pairs = (line.split(":", 1) for line in _lines("slots.txt"))
    return {name: tuple(item.strip() for item in items.split("|")) for name, items in pairs}


@cache
def _templates() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {kind: [] for kind in _TEMPLATE_WEIGHTS}
    for line in _lines("templates.txt"):
        kind, pattern = line.split("\t")
        for spoken, name in _SLOT.findall(pattern):
            if name.lower() not in (KINDS if spoken else _slots()):
                raise TextError(f"templates.txt: unknown slot {name!r} in {pattern!r}")
        table[kind].append(pattern)
    return {kind: tuple(patterns) for kind, patterns in table.items()}


def _lines(name: str) -> list[str]:
    text = (files("voxgate.pretraining") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
