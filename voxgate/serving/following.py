"""The loop by which the service follows what changes elsewhere, and brings away what it wrote."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from voxgate.errors import VoxgateError

__all__ = ["every"]

_LOGGER = logging.getLogger(__name__)


async def every(period_s: float, work: Callable[[], object], *, without: str) -> None:
    """Do something in a thread now, and `period_s` seconds after it was done, until cancelled.

    A known error is logged, and tried again; `without` says in the log what was not done.

    Raises:
        Exception: one that is no VoxgateError.
    """
    while True:
        try:
            await asyncio.to_thread(work)
        except VoxgateError as error:
            _LOGGER.warning("%s: %s", without, error)
        await asyncio.sleep(period_s)
