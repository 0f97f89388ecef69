"""What goes on beside a service, for as long as it is open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from voxgate.errors import VoxgateError

__all__ = ["beside", "every"]

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run coroutines until the context is left; they are cancelled then, and waited for.

    One that ends by a fault that nobody expected is logged: whatever it followed goes stale, and
    what is stale is refused.
    """
    tasks = [asyncio.create_task(work) for work in works]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def every(period_s: float, work: Callable[[], object], *, without: str) -> None:
    """Do something in a thread every `period_s` seconds; a known error is logged, and tried again.

    `without` says in the log what was not done.

    Raises:
        Exception: one that is no VoxgateError.
    """
    while True:
        await asyncio.sleep(period_s)
        try:
            await asyncio.to_thread(work)
        except VoxgateError as error:
            _LOGGER.warning("%s: %s", without, error)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()) is not None:
        _LOGGER.error("work beside the service has ended", exc_info=fault)
