"""An executor that remembers what it was asked to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from voxgate.executors import Failed, SerialExecutor, Work

__all__ = ["CountingExecutor"]


@dataclass
class CountingExecutor:
    """Implements executors.Executor in this process; `works` has one entry an item."""

    workers: int = 1
    works: list[Work[Any, Any]] = field(default_factory=list)
    _inner: SerialExecutor = field(default_factory=SerialExecutor)

    def map_ordered(
        self, work: Work[Any, Any], items: Iterable[Any], *, chunk: int = 1
    ) -> Iterator[Any | Failed]:
        """Do the work, and count it."""
        return self._inner.map_ordered(work, self._counted(work, items), chunk=chunk)

    def _counted(self, work: Work[Any, Any], items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.works.append(work)
            yield item

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Close what is open."""
        self._inner.__exit__(kind, error, trace)
