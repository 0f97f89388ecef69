import asyncio
import logging

import pytest

from voxgate.serving.following import every
from voxgate.wiring.background import beside


def test_it_runs_beside_and_ends_with_the_context() -> None:
    done: list[int] = []

    async def scene() -> None:
        async with beside(every(0.001, lambda: done.append(1), without="nothing")):
            while len(done) < 3:
                await asyncio.sleep(0.001)
        before = len(done)
        await asyncio.sleep(0.02)
        assert len(done) == before

    asyncio.run(asyncio.wait_for(scene(), 10))


def test_a_fault_that_nobody_expected_is_logged_and_ends_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def work() -> None:
        raise KeyError("odd")

    async def scene() -> None:
        with caplog.at_level(logging.ERROR):
            async with beside(every(0.001, work, without="nothing was read")):
                while "has ended" not in caplog.text:
                    await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(scene(), 10))
    assert "KeyError" in caplog.text
