"""Numbers, dates, times and money written out as they are spoken in English.

The sentences of the pretraining corpus carry no digits, so that the text, the teacher's reading of
it and every later reading by another normaliser agree.
"""
# ruff: noqa: PLR2004, SIM905 - numbers are the subject; a word list

from __future__ import annotations

from random import Random

from voxgate.text.english import numbers

__all__ = ["KINDS", "cardinal", "ordinal", "speak", "year"]

_FRACTIONS = "two thirds,one half,three quarters,one fifth,four sevenths,five eighths".split(",")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

KINDS = (
    "cardinal small digit digits digits3 digits4 decimal ordinal dayordinal fraction year time "
    "money letter letters"
).split()


def cardinal(value: int) -> str:
    """Write `value` (0 <= value) in words, without hyphens.

    >>> cardinal(40_215)
    'forty thousand two hundred fifteen'
    """
    return _unhyphenated(numbers.cardinal(str(value)))


def ordinal(value: int) -> str:
    """Write the ordinal of `value` (1 <= value) in words, without hyphens.

    >>> ordinal(21), ordinal(40)
    ('twenty first', 'fortieth')
    """
    return _unhyphenated(numbers.ordinal(str(value)))


def year(value: int) -> str:
    """Write a year between 1100 and 2099 in words, without hyphens.

    >>> year(1907), year(2000), year(2024)
    ('nineteen oh seven', 'two thousand', 'twenty twenty four')
    """
    return _unhyphenated(numbers.year(str(value)))


def speak(kind: str, rng: Random) -> str:
    """Draw one spoken item of `kind` (one of `KINDS`).

    Raises:
        KeyError: `kind` is not one of `KINDS`.
    """
    return {
        "cardinal": lambda: cardinal(_magnitude(rng)),
        "small": lambda: cardinal(rng.randrange(2, 100)),
        "digit": lambda: _digits(rng, 1),
        "digits": lambda: f"{_digits(rng, 3)}, {_digits(rng, 4)}",
        "digits3": lambda: _digits(rng, 3),
        "digits4": lambda: _digits(rng, 4),
        "decimal": lambda: _decimal(rng),
        "ordinal": lambda: ordinal(rng.randrange(1, 100)),
        "dayordinal": lambda: ordinal(rng.randrange(1, 32)),
        "fraction": lambda: rng.choice(_FRACTIONS),
        "year": lambda: year(rng.randrange(1100, 2100)),
        "time": lambda: _time(rng),
        "money": lambda: _money(rng),
        "letter": lambda: rng.choice(_LETTERS),
        "letters": lambda: ", ".join(rng.choices(_LETTERS, k=rng.randint(3, 6))),
    }[kind]()


def _unhyphenated(words: str) -> str:
    """Join the parts of "twenty-one" by a space, as all of the corpus' texts have them."""
    return words.replace("-", " ")


def _magnitude(rng: Random) -> int:
    return rng.randrange(10 ** rng.randint(1, 2), 10 ** rng.randint(3, 6))


def _digits(rng: Random, count: int) -> str:
    return numbers.digits("".join(str(rng.randrange(10)) for _ in range(count)))


def _decimal(rng: Random) -> str:
    return f"{cardinal(rng.randrange(100))} point {_digits(rng, rng.randint(1, 2))}"


def _time(rng: Random) -> str:
    hour, minute = rng.randrange(1, 13), rng.randrange(60)
    if minute == 0:
        return f"{cardinal(hour)} o'clock"
    tail = f"oh {cardinal(minute)}" if minute < 10 else cardinal(minute)
    half = rng.choice(["", "", " in the morning", " in the evening", " at night"])
    return f"{cardinal(hour)} {tail}{half}"


def _money(rng: Random) -> str:
    whole, cents = rng.randrange(2, 1000), rng.randrange(2, 100)
    unit, part = rng.choice([("dollars", "cents"), ("euros", "cents"), ("pounds", "pence")])
    text = f"{cardinal(whole)} {unit}"
    return f"{text} and {cardinal(cents)} {part}" if rng.random() < 0.5 else text
