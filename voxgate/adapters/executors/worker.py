"""What a worker does: opens the work that it is told, and answers batch after batch of items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from voxgate.executors import Failed, Work, opened

__all__ = ["Bench"]


class Bench:
    """The one work that is open; another one takes its place, and its memory."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._work: Work[Any, Any] | None = None
        self._answer: Callable[[Any], Any] | None = None

    def do(self, work: Work[Any, Any], items: Sequence[Any]) -> list[Any | Failed]:
        """Return one answer an item, in order."""
        if self._answer is None or work != self._work:
            self.clear()
            self._answer = self._stack.enter_context(opened(work))
            self._work = work
        return [self._answer(item) for item in items]

    def clear(self) -> None:
        """Close what is open."""
        self._work = self._answer = None
        self._stack.close()
