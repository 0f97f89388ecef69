"""Owners of devices, with workers that are threads; the last test has a real process."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.fakes.gpu import ENVIRONMENT_LOADER, FULL, LOADER
from tests.fakes.served_voice import (
    HOLD,
    SPOKEN,
    ThreadWorkers,
    expected,
    packaged,
    same,
    utterance,
)
from voxgate.errors import OverloadedError, TextError
from voxgate.serving.pool.devices import name_devices
from voxgate.serving.pool.memory_budget import (
    DeviceMemoryError,
    OutOfDeviceMemoryError,
    UnmeasuredError,
)
from voxgate.serving.pool.pool import WorkerPool
from voxgate.serving.pool.supervision import PoolSettings, WorkerProcess
from voxgate.serving.requests import Lane


@pytest.fixture(autouse=True)
def nothing_held():
    HOLD.clear()
    SPOKEN.clear()
    FULL.clear()
    yield
    HOLD.set()


@pytest.fixture
def say(tmp_path):
    voice = packaged(tmp_path / "a")
    return lambda text, **changes: utterance(voice, text, **changes)


@pytest.fixture
def workers():
    return ThreadWorkers()


def settings(*names: str, **changes) -> PoolSettings:
    devices = name_devices(names or ("cuda:0",), {})
    return PoolSettings(**({"loader": LOADER, "devices": devices} | changes))


@asynccontextmanager
async def opened(workers, say, *names, **changes):
    pool = WorkerPool(settings(*names, **changes), warm_up=say("warm"), start=workers)
    async with asyncio.timeout(60), pool:
        await pool.ready()
        SPOKEN.clear()
        yield pool


async def heard(pool, spoken, *, lane=Lane.REAL_TIME):
    return [one async for one in pool.speak(spoken, lane=lane)]


async def until(condition):
    while not condition():
        await asyncio.sleep(0.005)


def at_work(pool, lane):
    return pool.readiness().lanes[lane]["workers"]["at_work"]


def waiting(pool, lane):
    return pool.readiness().lanes[lane]["queue_depth"]


def run(scene):
    asyncio.run(scene())


def test_a_device_has_one_worker_that_serves_both_lanes(workers, say):
    async def scene():
        async with opened(workers, say, "cuda:1") as pool:
            for lane in Lane:
                assert same(await heard(pool, say("one|two"), lane=lane), expected(say("one|two")))
            assert len(workers.started) == 1
            [environment] = workers.environments
            assert environment is not None
            assert environment["CUDA_VISIBLE_DEVICES"] == "1"
            ready = pool.readiness()
            assert (ready.ready, ready.degraded) == (True, ())
            for lane in Lane:
                facts = ready.lanes[lane]["workers"]
                assert facts == {"places": 1, "spares": 0, "warm": 1, "at_work": 0}

    run(scene)


def test_real_time_goes_first_whoever_waits_longer(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            first = asyncio.create_task(heard(pool, say("hold"), lane=Lane.BATCH))
            await until(lambda: "hold" in SPOKEN)
            later = [
                asyncio.create_task(heard(pool, say(text), lane=lane))
                for text, lane in (
                    ("batch 1", Lane.BATCH), ("batch 2", Lane.BATCH), ("real 1", Lane.REAL_TIME),
                    ("real 2", Lane.REAL_TIME),
                )
            ]  # fmt: skip
            await until(lambda: waiting(pool, Lane.BATCH) == waiting(pool, Lane.REAL_TIME) == 2)
            assert (at_work(pool, Lane.BATCH), at_work(pool, Lane.REAL_TIME)) == (1, 0)
            HOLD.set()
            await asyncio.gather(first, *later)
            assert SPOKEN == ["hold", "real 1", "real 2", "batch 1", "batch 2"]

    run(scene)


def test_two_devices_speak_at_once_each_in_a_process_of_its_own(workers, say):
    async def scene():
        async with opened(workers, say, "cuda:0", "cuda:1") as pool:
            both = [
                asyncio.create_task(heard(pool, say("hold", seed=number), lane=lane))
                for number, lane in enumerate(Lane)
            ]
            await until(lambda: SPOKEN == ["hold", "hold"])
            HOLD.set()
            await asyncio.gather(*both)
            seen = [(own or {})["CUDA_VISIBLE_DEVICES"] for own in workers.environments]
            assert sorted(seen) == ["0", "1"]

    run(scene)


def test_a_batch_queue_that_is_full_refuses_batch_alone(workers, say):
    async def scene():
        async with opened(workers, say, batch_waiting=1) as pool:
            held = asyncio.create_task(heard(pool, say("hold")))
            await until(lambda: "hold" in SPOKEN)
            queued = asyncio.create_task(heard(pool, say("batch"), lane=Lane.BATCH))
            await until(lambda: waiting(pool, Lane.BATCH) == 1)
            with pytest.raises(OverloadedError):
                await heard(pool, say("too many"), lane=Lane.BATCH)
            real = asyncio.create_task(heard(pool, say("real")))
            await until(lambda: waiting(pool, Lane.REAL_TIME) == 1)
            HOLD.set()
            await asyncio.gather(held, queued, real)

    run(scene)


def test_a_device_that_ran_out_gets_a_fresh_worker_which_goes_on_at_the_sentence(workers, say):
    text = "one|large|three"

    async def scene():
        async with opened(workers, say) as pool:
            FULL.append("large")
            answer = await heard(pool, say(text))
            assert same(answer, expected(say(text)))
            assert len(workers.started) == 2
            await until(lambda: pool.readiness().ready)
            assert len(await heard(pool, say("next"))) == 1
            assert len(workers.started) == 2
            assert pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 0

    run(scene)


def test_the_old_worker_speaks_until_the_next_one_is_warm(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            FULL.append("large")
            assert pool._plan is not None
            pool._plan.warm_up = say("hold")  # the next one waits for the test
            tried = asyncio.create_task(heard(pool, say("large")))
            await until(lambda: "hold" in SPOKEN)
            assert len(await heard(pool, say("meanwhile"))) == 1
            assert not tried.done()
            HOLD.set()
            assert len(await tried) == 1

    run(scene)


def test_what_runs_out_twice_is_given_up_and_says_why(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            FULL.extend(["large", "large"])
            with pytest.raises(OutOfDeviceMemoryError, match="the device is full"):
                await heard(pool, say("large"))
            await until(lambda: len(workers.started) == 3)
            assert len(await heard(pool, say("next"))) == 1

    run(scene)


def test_what_is_refused_costs_no_worker(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            with pytest.raises(DeviceMemoryError, match="no room for it"):
                await heard(pool, say("no-room"))
            assert len(await heard(pool, say("next"))) == 1
            assert len(workers.started) == 1

    run(scene)


def test_closing_ends_what_waits_for_a_fresh_worker(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            FULL.append("large")
            assert pool._plan is not None
            pool._plan.warm_up = say("hold")
            tried = asyncio.create_task(heard(pool, say("large")))
            await until(lambda: "hold" in SPOKEN)
            closing = asyncio.create_task(pool.close())
            HOLD.set()
            await closing
            with pytest.raises(OverloadedError, match="closing"):
                await tried

    run(scene)


def test_a_promotion_is_warm_before_the_old_worker_goes(workers, say, tmp_path):
    newer = packaged(tmp_path / "b")

    async def scene():
        async with opened(workers, say) as pool:
            following = asyncio.create_task(pool.follow(utterance(newer, "hold")))
            await until(lambda: "hold" in SPOKEN)
            assert len(await heard(pool, say("meanwhile"))) == 1
            assert len(workers.started) == 2
            HOLD.set()
            await following
            assert len(await heard(pool, utterance(newer, "new"))) == 1
            assert len(workers.started) == 2

    run(scene)


@pytest.mark.parametrize(("text", "kind"), [("", TextError), ("unmeasured", UnmeasuredError)])
def test_a_version_that_cannot_be_spoken_leaves_the_old_worker_where_it_is(
    workers, say, text, kind
):
    async def scene():
        async with opened(workers, say) as pool:
            with pytest.raises(kind):
                await pool.follow(say(text))
            assert pool.readiness().ready
            assert len(await heard(pool, say("still"))) == 1
            assert not workers.started[0].ended

    run(scene)


def test_where_two_do_not_fit_the_old_worker_makes_room(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            FULL.append("roomy")  # the next one, beside the old one; then there is room
            await pool.follow(say("roomy"))
            assert len(await heard(pool, say("next"))) == 1
            assert len(workers.started) == 3

    run(scene)


def test_a_worker_that_dies_while_the_next_warms_up_costs_no_utterance(workers, say, tmp_path):
    async def scene():
        async with opened(workers, say) as pool:
            following = asyncio.create_task(
                pool.follow(utterance(packaged(tmp_path / "b"), "hold"))
            )
            await until(lambda: "hold" in SPOKEN)
            workers.started[0].kill()
            await until(lambda: not pool.readiness().ready)
            asked = asyncio.create_task(heard(pool, say("next")))
            HOLD.set()
            await following
            assert len(await asked) == 1
            assert len(workers.started) == 2
            assert pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 1

    run(scene)


def test_a_process_sees_its_device_before_anything_is_imported(say, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    async def scene():
        pool = WorkerPool(settings("cuda:3", loader=ENVIRONMENT_LOADER), start=WorkerProcess)
        async with asyncio.timeout(300), pool:
            with pytest.raises(DeviceMemoryError) as caught:
                await pool.follow(say("warm"))
        assert str(caught.value) == (
            "CUBLAS_WORKSPACE_CONFIG=:4096:8; CUDA_VISIBLE_DEVICES=3; OMP_NUM_THREADS=1"
        )

    run(scene)
