"""Lay two rows of sounds, letters or words side by side, with as few edits as can be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

__all__ = ["Step", "align", "bare_phones", "phone_cost"]

_GAP = 4
_OTHER = 4
_CROSS_CLASS = 6
_OPENING, _OPENING_INSIDE = 1, 2
_VOWELS = frozenset("AEIOU")

_PAIR, _LEFT_OUT, _ADDED = range(3)
_Cell = tuple[int, int]
"""The least cost of an alignment that ends in this state here, and the state before."""


@dataclass(frozen=True, slots=True)
class Step:
    """One place of an alignment; None on the side that has nothing there."""

    expected: int | None
    heard: int | None
    equal: bool


def bare_phones(phones: Sequence[str]) -> tuple[str, ...]:
    """Return phones without their stress: a recogniser's words carry none of the speaker's.

    >>> bare_phones(("HH", "AH0", "L", "OW1"))
    ('HH', 'AH', 'L', 'OW')
    """
    return tuple(phone.rstrip("012") for phone in phones)


def phone_cost(expected: str, heard: str) -> int:
    """Cost of hearing one phone for another: a vowel for a consonant is the last resort."""
    if expected == heard:
        return 0
    return _OTHER if (expected[0] in _VOWELS) == (heard[0] in _VOWELS) else _CROSS_CLASS


def _letter_cost(expected: str, heard: str) -> int:
    return 0 if expected == heard else _OTHER


def align(
    expected: Sequence[str],
    heard: Sequence[str],
    cost: Callable[[str, str], int] = _letter_cost,
    *,
    starts: tuple[Collection[int], Collection[int]] = ((), ()),
) -> list[Step]:
    """Align two rows by the least sum of costs (O. Gotoh, J. Mol. Biol. 162, 1982).

    A gap costs 4 a place and something to begin, so that what is left out is left out in one piece;
    it begins for less where a word does: `starts` are the places of either row at which one begins.
    `cost` is that of a pair.
    """
    beginnings = [
        [_OPENING if at in begin else _OPENING_INSIDE for at in range(len(row))]
        for row, begin in zip((expected, heard), starts, strict=True)
    ]
    table: list[list[tuple[_Cell, _Cell, _Cell]]] = []
    never = (1 << 60, _PAIR)
    for row in range(len(expected) + 1):
        line: list[tuple[_Cell, _Cell, _Cell]] = []
        for column in range(len(heard) + 1):
            pair, left_out, added = never, never, never
            if not row and not column:
                pair = (0, _PAIR)
            if row and column:
                before = table[row - 1][column - 1]
                step = cost(expected[row - 1], heard[column - 1])
                pair = min((before[state][0] + step, state) for state in range(3))
            if row:
                left_out = _gap(table[row - 1][column], _LEFT_OUT, beginnings[0][row - 1])
            if column:
                added = _gap(line[column - 1], _ADDED, beginnings[1][column - 1])
            line.append((pair, left_out, added))
        table.append(line)
    return _traced(table, expected, heard)


def _gap(before: tuple[_Cell, _Cell, _Cell], gap: int, opening: int) -> _Cell:
    return min(
        (before[state][0] + _GAP + (0 if state == gap else opening), state) for state in range(3)
    )


def _traced(
    table: Sequence[Sequence[tuple[_Cell, _Cell, _Cell]]],
    expected: Sequence[str],
    heard: Sequence[str],
) -> list[Step]:
    row, column = len(expected), len(heard)
    _, state = min((cell[0], state) for state, cell in enumerate(table[row][column]))
    steps: list[Step] = []
    while row or column:
        before = table[row][column][state][1]
        if state == _PAIR:
            row, column = row - 1, column - 1
            steps.append(Step(row, column, equal=expected[row] == heard[column]))
        elif state == _LEFT_OUT:
            row -= 1
            steps.append(Step(row, None, equal=False))
        else:
            column -= 1
            steps.append(Step(None, column, equal=False))
        state = before
    return steps[::-1]
