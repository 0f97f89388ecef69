from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from voxgate.errors import LedgerError
from voxgate.serving.following import every


def _followed(work: Callable[[], object], enough: Callable[[], bool], period_s: float) -> None:
    async def scene() -> None:
        following = asyncio.create_task(every(period_s, work, without="nothing was read"))
        while not enough():
            if following.done():
                following.result()
            await asyncio.sleep(0.001)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following

    asyncio.run(asyncio.wait_for(scene(), 10))


def test_it_begins_at_once_and_goes_on() -> None:
    done: list[int] = []
    _followed(lambda: done.append(1), lambda: len(done) > 0, period_s=3600)
    _followed(lambda: done.append(1), lambda: len(done) > 3, period_s=0.001)


def test_a_known_error_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []

    def work() -> None:
        tried.append(1)
        raise LedgerError("the database is away")

    _followed(work, lambda: len(tried) > 2, period_s=0.001)
    assert "nothing was read: the database is away" in caplog.text


def test_a_fault_that_nobody_expected_ends_it() -> None:
    def work() -> None:
        raise KeyError("odd")

    with pytest.raises(KeyError):
        _followed(work, lambda: False, period_s=0.001)
