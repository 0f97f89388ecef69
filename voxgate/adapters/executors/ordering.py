"""Answers in the items' order from workers that finish in any order, or die."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeVar

from voxgate.batching import batched
from voxgate.errors import WorkerDiedError
from voxgate.executors import Failed, Work

__all__ = ["Crew", "WorkersLostError", "answers_in_order"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Handle = TypeVar("Handle")


class WorkersLostError(Exception):
    """A worker died, and with it what it and maybe others were doing."""


class Crew(Protocol[Handle]):
    """Workers that can be given batches of items."""

    def submit(self, work: Work[Any, Any], items: Sequence[Any]) -> Handle:
        """Give a batch to whoever is free next."""
        ...

    def wait(self, handle: Handle) -> list[Any]:
        """Wait for a batch and return its answers, one an item.

        Raises:
            WorkersLostError: nobody will answer; the batch may be given again.
        """
        ...

    def cancel(self, handles: Sequence[Handle]) -> None:
        """Give up batches that nobody waits for."""
        ...


def answers_in_order(
    crew: Crew[Handle],
    work: Work[Item, Answer],
    items: Iterable[Item],
    *,
    chunk: int,
    ahead: int,
    attempts: int,
) -> Iterator[Answer | Failed]:
    """Yield one answer an item (`voxgate.executors.Executor.map_ordered`).

    Args:
        crew: who works.
        work: what is done with each item.
        items: taken when there is room for them.
        chunk: items a batch.
        ahead: batches under way at most.
        attempts: how often an item may end its worker before it is given up. Nobody knows which
            item of a lost batch did it, so these are done one by one.
    """
    batches = batched(items, chunk)
    under_way: deque[tuple[list[Item], Handle]] = deque()
    try:
        while True:
            for batch in islice(batches, ahead - len(under_way)):
                under_way.append((batch, crew.submit(work, batch)))
            if not under_way:
                return
            batch, handle = under_way[0]
            try:
                answers = crew.wait(handle)
            except WorkersLostError:
                under_way.popleft()
                for item in batch:
                    yield _alone(crew, work, item, attempts=attempts)
            else:
                under_way.popleft()
                yield from answers
    finally:
        crew.cancel([handle for _, handle in under_way])


def _alone(
    crew: Crew[Handle], work: Work[Item, Answer], item: Item, *, attempts: int
) -> Answer | Failed:
    for _ in range(attempts):
        try:
            answer: Answer | Failed
            (answer,) = crew.wait(crew.submit(work, [item]))
        except WorkersLostError:
            continue
        return answer
    return Failed(
        WorkerDiedError(
            f"{type(work).__name__}: an item ended the process that worked on it each time that "
            "it was tried (a crash in a library, or no memory left); what the process wrote is "
            "above. Give the workers more memory, or fewer of them (VOXGATE_WORKERS)"
        )
    )
