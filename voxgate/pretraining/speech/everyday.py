"""A deterministic, endless source of unique Chinese or Japanese sentences.

Three quarters fill templates with people, places, things, numbers, dates, times, money, telephone
talk and English words; the others are unpredictable sequences of words, which between them have
every syllable. Numbers are written in characters. The texts are this project's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files

import numpy as np

from voxgate.errors import TextError
from voxgate.pretraining.speech.sentences import Sentence
from voxgate.pretraining.speech.spoken_characters import KINDS, speak

__all__ = ["EVERYDAY_LANGUAGES", "everyday_sentences", "letters_of"]

EVERYDAY_LANGUAGES = ("zh", "ja")

RANDOM_SHARE = 0.25
_WEIGHTS = {"plain": 8, "question": 4, "name": 3, "number": 3, "date": 2, "time": 2, "money": 1}
_WEIGHTS |= {"phone": 2, "long": 1, "short": 2, "mixed": 2}
_SLOT = re.compile(r"\{(@?)(\w+)\}")
_JOINTS = {"zh": ("，", "、", "", ""), "ja": ("と", "の", "や", "、")}
_MAX_DRAWS = 1000


def everyday_sentences(
    seed: int, language: str, *, excluded: AbstractSet[str] = frozenset()
) -> Iterator[Sentence]:
    """Yield sentences without end; the same seed gives the same sequence.

    Args:
        seed: of the sequence.
        language: one of `EVERYDAY_LANGUAGES`.
        excluded: texts, as `letters_of` gives them, that are never yielded.

    Raises:
        TextError: a template has a slot that is not known.
    """
    random = np.random.default_rng([seed, EVERYDAY_LANGUAGES.index(language)])
    seen = set(excluded)
    index = 0
    while True:
        for _ in range(_MAX_DRAWS):
            kind, text = _draw(language, random)
            if letters_of(text) not in seen:
                break
        else:
            raise TextError(f"no new sentence in {_MAX_DRAWS} draws; the templates are used up")
        seen.add(letters_of(text))
        yield Sentence(index=index, kind=kind, text=text)
        index += 1


def letters_of(text: str) -> str:
    """Return the letters and digits of `text`: what two equal sentences share."""
    return "".join(character for character in text.lower() if character.isalnum())


def _draw(language: str, random: np.random.Generator) -> tuple[str, str]:
    if random.random() < RANDOM_SHARE:
        return "random", _random_sequence(language, random)
    weights = np.array(list(_WEIGHTS.values()), dtype=float)
    kind = str(random.choice(list(_WEIGHTS), p=weights / weights.sum()))
    return kind, _fill(str(random.choice(_templates(language)[kind])), language, random)


def _random_sequence(language: str, random: np.random.Generator) -> str:
    """Draw 3 to 6 words that have nothing to do with each other."""
    words = [str(word) for word in random.choice(_words(language), size=random.integers(3, 7))]
    text = words[0]
    for word in words[1:]:
        text += str(random.choice(_JOINTS[language])) + word
    return text + "。"


def _fill(template: str, language: str, random: np.random.Generator) -> str:
    def value(match: re.Match[str]) -> str:
        spoken, name = match.groups()
        if spoken:
            return speak(name, language, random)
        return str(random.choice(_slots(language)[name]))

    return _SLOT.sub(value, template)


@cache
def _words(language: str) -> tuple[str, ...]:
    return tuple(word for line in _lines(language, "words.txt") for word in line.split())


@cache
def _slots(language: str) -> dict[str, tuple[str, ...]]:
    pairs = (line.split(":", 1) for line in _lines(language, "slots.txt"))
    return {name: tuple(item.strip() for item in items.split("|")) for name, items in pairs}


@cache
def _templates(language: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {kind: [] for kind in _WEIGHTS}
    for line in _lines(language, "templates.txt"):
        kind, pattern = line.split("\t")
        for spoken, name in _SLOT.findall(pattern):
            if name not in (KINDS if spoken else _slots(language)):
                raise TextError(f"{language}/templates.txt: unknown slot {name!r} in {pattern!r}")
        table[kind].append(pattern)
    return {kind: tuple(patterns) for kind, patterns in table.items()}


def _lines(language: str, name: str) -> list[str]:
    path = files("voxgate.pretraining") / "data" / language / name
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
