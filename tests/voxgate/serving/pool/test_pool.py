"""What the pool promises, with workers that are threads: they die, hang and are slow at a word."""

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from tests.fakes.served_voice import (
    HOLD,
    LOADER,
    SPOKEN,
    ThreadWorkers,
    expected,
    packaged,
    same,
    utterance,
)
from tests.fakes.speech_service import LANES
from voxgate.errors import (
    DeadlineError,
    OverloadedError,
    SpeechError,
    TextError,
    WorkerLostError,
)
from voxgate.serving.pool.pool import WorkerPool
from voxgate.serving.pool.supervision import PoolSettings
from voxgate.serving.requests import Lane

SETTINGS = PoolSettings(loader=LOADER, real_time_waiting=2)


@pytest.fixture(autouse=True)
def nothing_held():
    HOLD.clear()
    SPOKEN.clear()
    yield
    HOLD.set()


@pytest.fixture
def say(tmp_path):
    voice = packaged(tmp_path / "a")
    return lambda text, **changes: utterance(voice, text, **changes)


@pytest.fixture
def workers():
    return ThreadWorkers()


@asynccontextmanager
async def opened(workers, say, **changes):
    pool = WorkerPool(replace(SETTINGS, **changes), warm_up=say("warm"), start=workers)
    async with asyncio.timeout(60), pool:
        await pool.ready()
        SPOKEN.clear()
        yield pool


async def heard(pool, spoken, *, lane=Lane.REAL_TIME, **options):
    return [one async for one in pool.speak(spoken, lane=lane, **options)]


async def until(condition):
    while not condition():
        await asyncio.sleep(0.005)


def no_longer_wanted(pool, workers):
    """Whether the worker knows that what it says is cancelled, or was never asked for it."""
    told = any(worker.cancelled for worker in workers.of(Lane.REAL_TIME))
    return told or not pool.readiness().lanes[Lane.REAL_TIME]["workers"]["at_work"]


def run(scene):
    asyncio.run(scene())


def test_it_says_what_a_voice_says_alone(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            for lane in Lane:
                assert same(await heard(pool, say("one|two"), lane=lane), expected(say("one|two")))
            rest = await heard(pool, say("one|two|three"), first=2)
            assert same(rest, expected(say("one|two|three"))[2:])

    run(scene)


def test_many_clients_get_each_their_own(workers, say):
    texts = [f"text {number}|of client {number % 7}" for number in range(40)]

    async def scene():
        async with opened(workers, say, real_time_workers=3, real_time_waiting=40) as pool:
            spoken = [say(text, seed=number) for number, text in enumerate(texts)]
            answers = await asyncio.gather(*(heard(pool, one) for one in spoken))
            assert all(same(own, expected(one)) for own, one in zip(answers, spoken, strict=True))

    run(scene)


def test_a_lane_tells_what_the_doors_read_of_it(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            for lane, facts in pool.readiness().lanes.items():
                assert facts.keys() == LANES[lane].keys()
                assert facts["workers"].keys() == LANES[lane]["workers"].keys()

    run(scene)


def test_a_full_queue_refuses_at_once_and_says_when_to_come_again(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            accepted = [asyncio.create_task(heard(pool, say(f"hold|{n}"))) for n in range(3)]
            await until(lambda: pool.readiness().lanes[Lane.REAL_TIME]["queue_depth"] == 2)
            with pytest.raises(OverloadedError) as caught:
                await heard(pool, say("one"))
            assert caught.value.retry_after_s > 0
            assert await heard(pool, say("one"), lane=Lane.BATCH)  # another lane, another queue
            HOLD.set()
            assert [len(answer) for answer in await asyncio.gather(*accepted)] == [2, 2, 2]

    run(scene)


def test_late_work_is_dropped_and_not_finished(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            busy = asyncio.create_task(heard(pool, say("hold|mine")))
            await until(lambda: "hold" in SPOKEN)
            with pytest.raises(DeadlineError, match=r"within 0\.05 s"):
                await heard(pool, say("late"), deadline_s=0.05)
            HOLD.set()
            await busy
            assert len(await heard(pool, say("next"), deadline_s=30)) == 1
            assert "late" not in SPOKEN

    run(scene)


def test_work_whose_first_sentence_is_late_stops_there(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            with pytest.raises(DeadlineError):
                await heard(pool, say("hold|never"), deadline_s=0.05)
            await until(lambda: no_longer_wanted(pool, workers))
            HOLD.set()
            await heard(pool, say("next"))
            assert "never" not in SPOKEN

    run(scene)


def test_a_client_that_leaves_ends_the_work_at_the_next_sentence(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            async with aclosing(
                pool.speak(say("one|hold|three"), lane=Lane.REAL_TIME)
            ) as sentences:
                assert (await anext(sentences)).place == 0
                await until(lambda: "hold" in SPOKEN)
            await until(lambda: no_longer_wanted(pool, workers))
            HOLD.set()
            assert len(await heard(pool, say("next"))) == 1
            assert "three" not in SPOKEN
            assert pool.readiness().lanes[Lane.REAL_TIME]["workers"]["at_work"] == 0

    run(scene)


def test_a_worker_that_dies_costs_no_sentence(workers, say):
    text = "one|two|hold|four"

    async def scene():
        async with opened(workers, say) as pool:
            sentences = pool.speak(say(text), lane=Lane.REAL_TIME)
            answer = [await anext(sentences), await anext(sentences)]
            await until(lambda: "hold" in SPOKEN)
            workers.of(Lane.REAL_TIME)[0].kill()
            HOLD.set()
            answer += [one async for one in sentences]
            assert same(answer, expected(say(text)))
            # another worker went on where it had stopped
            assert [SPOKEN.count(word) for word in ("one", "two")] == [2, 2]  # with `expected`
            await pool.ready()
            assert len(workers.of(Lane.REAL_TIME)) == 3

    run(scene)


def test_a_text_that_kills_is_given_up_and_the_lane_says_so(workers, say):
    async def scene():
        async with opened(workers, say, max_deliveries=3, spares=2) as pool:
            with pytest.raises(WorkerLostError, match=r"3 workers died .* at sentence 1"):
                await heard(pool, say("one|die"))
            assert SPOKEN.count("one") == 1
            await until(lambda: pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 3)
            state = pool.readiness()
            assert not state.ready
            assert state.lanes[Lane.BATCH]["ready"]
            await pool.ready()  # it recovers by itself
            assert len(await heard(pool, say("next"))) == 1
            assert pool.readiness().ready

    run(scene)


@pytest.mark.parametrize(
    ("text", "kind"), [("", TextError), ("one|break", SpeechError)], ids=["known", "unknown"]
)
def test_a_fault_of_a_text_reaches_its_caller_and_leaves_the_worker(workers, say, text, kind):
    async def scene():
        async with opened(workers, say) as pool:
            with pytest.raises(kind) as caught:
                await heard(pool, say(text))
            assert type(caught.value) is kind
            assert len(await heard(pool, say("next"))) == 1
            assert pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 0

    run(scene)


def test_a_worn_worker_is_replaced_while_the_spare_speaks(workers, say):
    async def scene():
        async with opened(workers, say, max_orders=2) as pool:
            spoken = 0
            while len(workers.of(Lane.REAL_TIME)) < 6:
                assert len(await heard(pool, say(f"text {spoken}"))) == 1
                spoken += 1
            assert spoken >= 4  # nobody goes before their time
            await pool.ready()
            assert pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 0

    run(scene)


def test_a_worker_that_says_nothing_is_ended(workers, say):
    async def scene():
        async with opened(workers, say, stall_s=0.2, max_deliveries=1) as pool:
            with pytest.raises(WorkerLostError, match=r"said nothing for 0\.2 s"):
                await heard(pool, say("hold"))
            HOLD.set()
            assert len(await heard(pool, say("next"))) == 1

    run(scene)


def test_the_workers_follow_what_is_live_one_after_the_other(workers, say, tmp_path):
    newer = utterance(packaged(tmp_path / "b"), "warm")

    async def scene():
        async with opened(workers, say) as pool:
            listening = asyncio.create_task(heard(pool, say("one|wait 0.3|three")))
            await pool.follow(newer)
            assert len(await listening) == 3

            def warm():
                return [w.setup.warm_up.voice.folder.name for w in workers.started if w.setup]

            assert warm()[:5] == ["a", "a", "a", "b", "b"]
            await until(lambda: warm() == ["a", "a", "a", "b", "b", "b"])  # the batch lane's
            await pool.ready()
            assert pool.readiness().ready
            assert pool.readiness().degraded == ()

    run(scene)


def test_a_pool_has_no_workers_before_something_is_live(workers, say):
    async def scene():
        async with asyncio.timeout(60), WorkerPool(SETTINGS, start=workers) as pool:
            with pytest.raises(OverloadedError, match="is warm yet"):
                await heard(pool, say("one"))
            assert not pool.readiness().ready
            await pool.follow(say("warm"))
            assert pool.readiness().ready
            assert same(await heard(pool, say("one|two")), expected(say("one|two")))

    run(scene)


def test_a_first_voice_that_cannot_be_spoken_leaves_no_worker(workers, say, tmp_path):
    voice = packaged(tmp_path / "b")
    (tmp_path / "b" / "voice.json").write_text("{}")

    async def scene():
        async with asyncio.timeout(60), WorkerPool(SETTINGS, start=workers) as pool:
            with pytest.raises(Exception, match="expected the voice whose card"):
                await pool.follow(utterance(voice, "warm"))
            assert pool.pids() == {}
            await pool.follow(say("warm"))
            assert len(await heard(pool, say("next"))) == 1
        with pytest.raises(OverloadedError, match="closing"):
            await pool.follow(say("warm"))

    run(scene)


def test_a_voice_that_cannot_be_spoken_is_not_followed(workers, say, tmp_path):
    voice = packaged(tmp_path / "b")
    (tmp_path / "b" / "voice.json").write_text("{}")

    async def scene():
        async with opened(workers, say) as pool:
            with pytest.raises(Exception, match="expected the voice whose card"):
                await pool.follow(utterance(voice, "warm"))
            assert len(await heard(pool, say("next"))) == 1
            await pool.ready()
            assert workers.started[-1].setup.warm_up.voice.folder.name == "a"

    run(scene)


def test_a_pool_whose_workers_cannot_start_is_not_ready_and_refuses(workers, say):
    async def scene():
        settings = replace(SETTINGS, loader="tests.fakes.served_voice:refuse")
        pool = WorkerPool(settings, warm_up=say("warm"), start=workers)
        async with asyncio.timeout(60), pool:
            lane = Lane.REAL_TIME
            await until(lambda: pool.readiness().lanes[lane]["deaths"] >= 3)
            state = pool.readiness()
            assert not state.ready
            assert "told to refuse" in state.lanes[lane]["last_death"]
            with pytest.raises(OverloadedError, match="told to refuse") as caught:
                await heard(pool, say("one"))
            assert caught.value.retry_after_s >= 1

    run(scene)


def test_closing_sends_everybody_away_and_leaves_no_worker(workers, say):
    async def scene():
        async with opened(workers, say) as pool:
            callers = [asyncio.create_task(heard(pool, say(f"hold|{n}"))) for n in range(3)]
            await until(lambda: pool.readiness().lanes[Lane.REAL_TIME]["queue_depth"] == 2)
            HOLD.set()
            await pool.close()
            ends = await asyncio.gather(*callers, return_exceptions=True)
            # whoever was heard to the end before the pool closed has it all
            assert all(isinstance(end, OverloadedError) or len(end) == 2 for end in ends)
            assert isinstance(ends[-1], OverloadedError)
            with pytest.raises(OverloadedError, match="is warm yet"):
                await heard(pool, say("one"))
        assert not any(worker._thread.is_alive() for worker in workers.started)

    run(scene)
