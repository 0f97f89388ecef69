"""Cut what comes one by one into lists that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["batched"]

_T = TypeVar("_T")


def batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of `size` items, the last one shorter.

    >>> list(batched("abc", 2))
    [['a', 'b'], ['c']]
    """
    if size < 1:
        raise ValueError(f"size: expected at least 1, got {size}")
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
