"""What was asked for beside what was heard, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Word", "align_words"]

Kind = Literal["same", "changed", "missed", "added"]


@dataclass(frozen=True, kw_only=True)
class Word:
    """A place in both texts: `asked` is None where one was added, `heard` where one is missed."""

    kind: Kind
    asked: str | None
    heard: str | None


def align_words(asked: Sequence[str], heard: Sequence[str]) -> list[Word]:
    """Align two texts with the fewest differences, which are the word errors of the sample."""
    costs = _costs(asked, heard)
    words: list[Word] = []
    i, j = len(asked), len(heard)
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + (asked[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            kind: Kind = "same" if asked[i] == heard[j] else "changed"
            words.append(Word(kind=kind, asked=asked[i], heard=heard[j]))
        elif i and costs[i][j] == costs[i - 1][j] + 1:
            i -= 1
            words.append(Word(kind="missed", asked=asked[i], heard=None))
        else:
            j -= 1
            words.append(Word(kind="added", asked=None, heard=heard[j]))
    return words[::-1]


def _costs(asked: Sequence[str], heard: Sequence[str]) -> list[list[int]]:
    """Return Levenshtein's table, (len(asked) + 1, len(heard) + 1)."""
    table = [list(range(len(heard) + 1))]
    for i, word in enumerate(asked, start=1):
        row = [i]
        for j, other in enumerate(heard, start=1):
            row.append(
                min(table[i - 1][j - 1] + (word != other), table[i - 1][j] + 1, row[j - 1] + 1)
            )
        table.append(row)
    return table
