"""Which cells are spoken first and heard by a person: those that are likeliest to go wrong.

The rarest values, the longest messages, those with digits, and those with letters beyond ASCII, in
turn; ties go by the recipient's place, so that the same list gives the same sample.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from voxgate.campaigns.records import Recipient
from voxgate.files import digest_json

__all__ = ["ValueCounts", "choose_proof"]

Cell = tuple[str, str]
"""Recipient and template."""


class ValueCounts:
    """How often each value of each slot occurs; a first pass over the recipients."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, recipient: Recipient) -> None:
        """Count the values of one recipient."""
        self._counts.update(_names(recipient))

    def rarest(self, recipient: Recipient) -> int:
        """Return how often its rarest value occurs; 0 for a recipient without values."""
        return min((self._counts[name] for name in _names(recipient)), default=0)


def choose_proof(recipients: Iterable[Recipient], counts: ValueCounts, *, size: int) -> list[Cell]:
    """Return `size` cells, or all where there are fewer; `recipients` are those that were counted.

    Each template that anybody gets has a cell in it, if `size` allows.
    """
    kinds = [_Top(size) for _ in range(4)]
    first_of: dict[str, Cell] = {}
    plain = _Top(size)
    for recipient in recipients:
        text = " ".join(str(value.get("spoken", "")) for value in recipient.values.values())
        scores = (
            -counts.rarest(recipient),
            len(text),
            sum(character.isdigit() for character in text) or None,
            sum(not character.isascii() for character in text) or None,
        )
        for name in recipient.templates:
            cell = (recipient.recipient_id, name)
            first_of.setdefault(name, cell)
            plain.add(-recipient.number, recipient.number, cell)
            for top, score in zip(kinds, scores, strict=True):
                if score is not None:
                    top.add(score, recipient.number, cell)
    wanted = [*first_of.values(), *_in_turn(top.cells() for top in kinds), *plain.cells()]
    return list(dict.fromkeys(wanted))[:size]


class _Top:
    """Keeps the cells with the largest scores; of equal ones the first recipients'."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[int, int, str, str]] = []

    def add(self, score: int, number: int, cell: Cell) -> None:
        entry = (score, -number, *cell)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def cells(self) -> list[Cell]:
        return [(recipient, template) for _, _, recipient, template in sorted(self._heap)[::-1]]


def _names(recipient: Recipient) -> Iterator[str]:
    for slot, value in recipient.values.items():
        yield digest_json([slot, value])[:16]


def _in_turn(lists: Iterable[list[Cell]]) -> Iterator[Cell]:
    for row in zip_longest(*lists):
        yield from (cell for cell in row if cell is not None)
