"""Workers that are processes of this machine: the standard library's pool, made to survive them.

Fresh interpreters, never forks, with one thread of the numeric libraries each
(`voxgate.module_process` says why). They end when this process does, however it ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self, TypeVar

from voxgate.adapters.executors.ordering import WorkersLostError, answers_in_order
from voxgate.executors import Bench, Failed, Work
from voxgate.module_process import ONE_THREAD

__all__ = ["ProcessExecutor"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Batch = Future[list[Any]]

_AHEAD = 2
"""Batches a worker that are under way: one that it works on, one that waits for it."""

_ATTEMPTS = 3


class ProcessExecutor:
    """Works on items in `workers` processes, which start at the first item.

    gpus: ids of the GPUs that the workers share by turns; empty where none is used.
    """

    def __init__(self, workers: int, *, gpus: Sequence[str] = ()) -> None:
        self._workers = workers
        self._gpus = tuple(gpus)
        self._pool: ProcessPoolExecutor | None = None

    @property
    def workers(self) -> int:
        """How many items are worked on at a time."""
        return self._workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """End the workers."""
        self._end()

    def map_ordered(
        self, work: Work[Item, Answer], items: Iterable[Item], *, chunk: int = 1
    ) -> Iterator[Answer | Failed]:
        """Yield one answer an item, in the items' order (`voxgate.executors.Executor`)."""
        return answers_in_order(
            self, work, items, chunk=chunk, ahead=_AHEAD * self._workers, attempts=_ATTEMPTS
        )

    def submit(self, work: Work[Any, Any], items: Sequence[Any]) -> Batch:
        """Give a batch to whoever is free next."""
        try:
            return self._running().submit(_work_on, work, items)
        except BrokenProcessPool as error:  # it broke a moment ago; said when its turn comes
            batch: Batch = Future()
            batch.set_exception(error)
            return batch

    def wait(self, handle: Batch) -> list[Any]:
        """Wait for a batch and return its answers, one an item.

        Raises:
            WorkersLostError: a worker died, and the pool with it.
        """
        try:
            return handle.result()
        except BrokenProcessPool:
            if self._pool is not None and _is_broken(self._pool):
                self._end()
            raise WorkersLostError from None

    def cancel(self, handles: Sequence[Batch]) -> None:
        """Give up batches: a process that computes cannot be asked to stop, so it is ended."""
        if not all(handle.cancel() or handle.done() for handle in handles):
            self._end()

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=context,
                initializer=_begin,
                initargs=(context.Value("i", 0), self._gpus),
            )
        return self._pool

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - 3.14 has a method
            process.kill()  # nothing that a worker holds outlives it
        pool.shutdown(wait=True, cancel_futures=True)


def _is_broken(pool: ProcessPoolExecutor) -> bool:
    return bool(pool._broken)  # noqa: SLF001 - there is no other way


_BENCH = Bench()


def _begin(started: Any, gpus: Sequence[str]) -> None:
    """Prepare a worker, first of all: the numeric libraries read this as they are imported."""
    os.environ.update(ONE_THREAD)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says what an interrupt means
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if gpus:
        with started.get_lock():
            turn, started.value = started.value, started.value + 1
        os.environ["CUDA_VISIBLE_DEVICES"] = gpus[turn % len(gpus)]


def _end_with_parent() -> None:
    """Wait for the parent: a pool's workers hold both ends of its pipes, and would stay."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _work_on(work: Work[Any, Any], items: Sequence[Any]) -> list[Any]:
    return _BENCH.do(work, items)
