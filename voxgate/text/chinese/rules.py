"""Rules for frequent characters with several readings: by the words and neighbours around them.

`data/rules.txt` has a line for each: the character, its reading, and where it is read so. There `_`
stands for the character, `(?<=…)`, `(?<!…)` for what is or is not before it, of any width,
`(?=…)`, `(?!…)` for what is or is not behind it; `^` and `$` are the ends of the clause. A
`(?<!…)` behind `_` speaks of what stands before the character too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["default_readings", "rule_readings", "rules_text"]

_BEGIN, _END = "\x02", "\x03"
_WINDOW = 12
"""So many characters on either side are looked at."""


@dataclass(frozen=True)
class _Place:
    """One alternative of a rule: where a character is read so."""

    before: re.Pattern[str]
    not_before: tuple[re.Pattern[str], ...]
    behind: re.Pattern[str]

    def fits(self, before: str, behind: str) -> bool:
        return (
            self.behind.match(behind) is not None
            and self.before.search(before) is not None
            and not any(pattern.search(before) for pattern in self.not_before)
        )


@dataclass(frozen=True)
class _Rules:
    """The rules of one character, in order, and its reading where no phrase has one."""

    rules: tuple[tuple[str, tuple[_Place, ...]], ...]
    default: str | None


def rule_readings(clause: str) -> dict[int, str]:
    """Return the readings that rules give in a clause of simplified characters, by place."""
    table = _table()
    text = f"{_BEGIN}{clause}{_END}"
    found: dict[int, str] = {}
    for place, character in enumerate(clause):
        if character not in table:
            continue
        before = text[max(0, place + 1 - _WINDOW) : place + 1]
        behind = text[place + 2 : place + 2 + _WINDOW]
        for reading, places in table[character].rules:
            if any(where.fits(before, behind) for where in places):
                found[place] = reading
                break
    return found


def default_readings() -> Mapping[str, str]:
    """Return the reading of characters for places where neither phrases nor rules have one."""
    return _defaults()


@cache
def _defaults() -> dict[str, str]:
    return {
        character: rules.default
        for character, rules in _table().items()
        if rules.default is not None
    }


def rules_text() -> str:
    """Return the lines that the rules are made of."""
    return files("voxgate.text.chinese").joinpath("data", "rules.txt").read_text(encoding="utf-8")


@cache
def _table() -> dict[str, _Rules]:
    rules: dict[str, list[tuple[str, tuple[_Place, ...]]]] = {}
    defaults: dict[str, str] = {}
    for line in rules_text().splitlines():
        if not line or line.startswith("#"):
            continue
        character, reading, pattern = line.split(" ", 2)
        rules.setdefault(character, [])
        if pattern == "_":
            defaults.setdefault(character, reading)
        else:
            places = tuple(_place(alternative) for alternative in _split(pattern, "|"))
            rules[character].append((reading, places))
    return {
        character: _Rules(tuple(found), defaults.get(character))
        for character, found in rules.items()
    }


def _place(pattern: str) -> _Place:
    """Compile one alternative, whose `_` stands outside of all brackets."""
    pattern = pattern.replace("^", _BEGIN).replace(f"[{_BEGIN}", "[^").replace("$", _END)
    before, behind = _split(pattern, "_")
    nots = []
    for part in (before, behind):
        nots += [item[4:-1] for item in _items(part) if item.startswith("(?<!")]
    left = "".join(
        f"(?:{item[4:-1]})" if item.startswith("(?<=") else item
        for item in _items(before)
        if not item.startswith("(?<!")
    )
    right = "".join(item for item in _items(behind) if not item.startswith("(?<!"))
    return _Place(
        re.compile(f"(?:{left})$"),
        tuple(re.compile(f"(?:{no})$") for no in nots),
        re.compile(right),
    )


def _items(pattern: str) -> Iterator[str]:
    """Yield bracketed groups whole, and what is between them character by character."""
    place = 0
    while place < len(pattern):
        end = _end_of_group(pattern, place)
        yield pattern[place:end]
        place = end


def _end_of_group(pattern: str, start: int) -> int:
    if pattern[start] == "\\":
        return start + 2
    if pattern[start] == "[":
        return pattern.index("]", start) + 1
    if pattern[start] != "(":
        return start + 1
    place = start + 1
    while pattern[place] != ")":
        place = _end_of_group(pattern, place)
    return place + 1


def _split(pattern: str, separator: str) -> list[str]:
    """Split where the separator stands outside of all brackets."""
    parts = [""]
    for item in _items(pattern):
        if item == separator:
            parts.append("")
        else:
            parts[-1] += item
    return parts
