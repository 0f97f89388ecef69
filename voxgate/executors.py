"""Where heavy loops run: here, in other processes, or on other machines, with the same answers.

An executor says *where* work is done, never *what* comes out. So what travels are values: a `Work`
(a frozen dataclass of a module: names, digests, numbers) and items (waves, texts, paths inside the
checkout), cut into batches before they are handed over; what is loaded from them stays with the
worker. The adapters are `voxgate.adapters.executors`; `SerialExecutor` is the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from voxgate.errors import VoxgateError

__all__ = ["Bench", "Executor", "Failed", "SerialExecutor", "Work", "values"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Item_contra = TypeVar("Item_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)


class Work(Protocol[Item_contra, Answer_co]):
    """What is done with each item; equal works are one, and it can be pickled."""

    def open(self) -> AbstractContextManager[Callable[[Item_contra], Answer_co]]:
        """Load what all items share, once a worker, before the first item.

        Raises:
            VoxgateError: it cannot be loaded; every item gets this error.
        """
        ...


@dataclass(frozen=True)
class Failed:
    """What stands in the place of an item's answer: the package's own error, as a value."""

    error: VoxgateError


class Executor(Protocol):
    """Does work with items; a context manager that ends its workers, whatever they are doing."""

    @property
    def workers(self) -> int:
        """How many items are worked on at a time."""
        ...

    def map_ordered(
        self, work: Work[Item, Answer], items: Iterable[Item], *, chunk: int = 1
    ) -> Iterator[Answer | Failed]:
        """Yield one answer an item, in the items' order.

        Items are taken as workers become free, never all at once, so that a lazy `items` keeps
        memory flat. A caller that stops taking answers ends the work on the rest (`close`).

        Args:
            work: opened at the first item; without items never.
            items: what it is done with.
            chunk: items in one message to a worker; changes no answer.

        A worker that dies is replaced and its items are done again; an item that ends its worker
        again and again is `Failed` with a `WorkerDiedError`. Errors that are not the package's own
        are faults of the program and are raised.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: object, error: object, trace: object) -> None: ...


class SerialExecutor:
    """One item after the other, in this process, which is the one worker."""

    def __init__(self) -> None:
        self._bench = Bench()

    @property
    def workers(self) -> int:
        """How many items are worked on at a time."""
        return 1

    def map_ordered(
        self, work: Work[Item, Answer], items: Iterable[Item], *, chunk: int = 1
    ) -> Iterator[Answer | Failed]:
        """Yield one answer an item, in the items' order."""
        del chunk  # nothing is sent
        for item in items:
            yield from self._bench.do(work, [item])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Close what is open."""
        self._bench.clear()


_KEPT = 4
"""A voice, and the three instruments that judge it by turns."""


@dataclass(frozen=True)
class _Opened:
    work: Work[Any, Any]
    answer: Callable[[Any], Any]
    stack: ExitStack


class Bench:
    """The works that a worker has open, the last used at the end; one too many closes the first."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._open: list[_Opened] = []

    def do(self, work: Work[Item, Answer], items: Sequence[Item]) -> list[Answer | Failed]:
        """Return one answer an item, in order."""
        found = next((one for one in self._open if one.work == work), None)
        if found is None:
            while len(self._open) >= self._kept:
                self._open.pop(0).stack.close()
            stack = ExitStack()
            found = _Opened(work, stack.enter_context(_opened(work)), stack)
        else:
            self._open.remove(found)
        self._open.append(found)
        return [found.answer(item) for item in items]

    def clear(self) -> None:
        """Close what is open."""
        while self._open:
            self._open.pop().stack.close()


@contextmanager
def _opened(work: Work[Item, Answer]) -> Iterator[Callable[[Item], Answer | Failed]]:
    """Open a work: what answers an item, or says for each why it cannot be opened."""
    with ExitStack() as stack:
        try:
            do = stack.enter_context(work.open())
        except VoxgateError as error:
            failed = Failed(error)
            yield lambda _item: failed
        else:
            yield partial(_attempt, do)


def _attempt(do: Callable[[Item], Answer], item: Item) -> Answer | Failed:
    try:
        return do(item)
    except VoxgateError as error:
        return Failed(error)


def values(answers: Iterable[Answer | Failed]) -> Iterator[Answer]:
    """Yield the answers; the first that failed is raised in its place.

    Raises:
        VoxgateError: an item's own error.
    """
    for answer in answers:
        if isinstance(answer, Failed):
            raise answer.error
        yield answer
