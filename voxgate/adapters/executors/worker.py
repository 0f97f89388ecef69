"""What a worker does: opens the work that it is told, and answers batch after batch of items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from voxgate.executors import Failed, Work, opened

__all__ = ["Bench"]

_KEPT = 4
"""A voice, and the three instruments that judge it by turns."""


@dataclass(frozen=True)
class _Opened:
    work: Work[Any, Any]
    answer: Callable[[Any], Any]
    stack: ExitStack


class Bench:
    """The works that are open, the last used at the end; one too many takes the first's place."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._open: list[_Opened] = []

    def do(self, work: Work[Any, Any], items: Sequence[Any]) -> list[Any | Failed]:
        """Return one answer an item, in order."""
        found = next((one for one in self._open if one.work == work), None)
        if found is None:
            while len(self._open) >= self._kept:
                self._open.pop(0).stack.close()
            stack = ExitStack()
            found = _Opened(work, stack.enter_context(opened(work)), stack)
        else:
            self._open.remove(found)
        self._open.append(found)
        return [found.answer(item) for item in items]

    def clear(self) -> None:
        """Close what is open."""
        while self._open:
            self._open.pop().stack.close()
