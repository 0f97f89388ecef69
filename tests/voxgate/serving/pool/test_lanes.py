import asyncio

import numpy as np
import pytest

from tests.fakes.served_voice import packaged, utterance
from voxgate.errors import OverloadedError, WorkerLostError
from voxgate.serving.pool.lanes import CrashRecord, LaneQueue, PendingSpeech
from voxgate.serving.requests import Lane, SpokenSentence


@pytest.fixture
def speech(tmp_path):
    voice = packaged(tmp_path / "a")
    return lambda text="one": PendingSpeech(
        utterance=utterance(voice, text), lane=Lane.REAL_TIME, place=0
    )


def queue(**changes) -> LaneQueue:
    parts = {"workers": 1, "spares": 1, "limit": 2, "max_deliveries": 3, "service_s": 2.0}
    return LaneQueue(lane=Lane.REAL_TIME, **(parts | changes))


def sentence(place: int) -> SpokenSentence:
    return SpokenSentence(
        place=place, pcm=np.zeros(1, np.int16), sample_rate_hz=1, stopped_by_limit=False
    )


def test_the_queue_is_bounded_and_says_when_to_come_again(speech):
    lane = queue(limit=2)
    lane.admit(speech())
    lane.admit(speech())
    with pytest.raises(OverloadedError) as caught:
        lane.admit(speech())
    assert caught.value.retry_after_s == 4.0
    assert not caught.value.yours
    assert lane.waiting == 2


def test_the_longest_wait_is_that_of_the_first_and_of_nobody_at_work(speech):
    async def scene():
        lane, first, second = queue(), speech("1"), speech("2")
        assert lane.oldest_age_s == 0.0
        first.since_s, second.since_s = first.since_s - 700.0, second.since_s - 300.0
        lane.admit(first)
        lane.admit(second)
        assert lane.oldest_age_s == pytest.approx(700.0, abs=60.0)
        lane.offer()
        assert lane.oldest_age_s == pytest.approx(300.0, abs=60.0)

    asyncio.run(scene())


def test_no_more_are_served_at_a_time_than_the_lane_has_workers(speech):
    async def scene():
        lane, first, second = queue(), speech("1"), speech("2")
        offers = [lane.offer(), lane.offer()]
        lane.admit(first)
        lane.admit(second)
        assert offers[0].result() is first
        assert not offers[1].done()
        assert (lane.at_work, lane.waiting) == (1, 1)
        lane.finish(7.0)
        assert offers[1].result() is second
        assert lane.service_s == pytest.approx(3.0)

    asyncio.run(scene())


def test_an_offer_that_is_withdrawn_leaves_its_utterance_first(speech):
    async def scene():
        lane, first, second = queue(), speech("1"), speech("2")
        lane.admit(first)
        lane.admit(second)
        lane.withdraw(lane.offer())
        assert (lane.at_work, lane.waiting) == (0, 2)
        idle = queue()
        idle.withdraw(idle.offer())
        idle.admit(first)
        assert idle.waiting == 1
        assert lane.offer().result() is first

    asyncio.run(scene())


def test_whom_a_free_worker_takes_needs_no_place_in_the_queue(speech):
    async def scene():
        lane = queue(limit=1)
        lane.offer()
        lane.admit(speech())
        lane.admit(speech())
        with pytest.raises(OverloadedError):
            lane.admit(speech())

    asyncio.run(scene())


def test_deaths_at_one_sentence_are_counted_and_progress_forgives(speech):
    lane, one = queue(max_deliveries=2), speech()
    lane.put_back(one, why="a test")
    lane.remove(one)
    one.hand_out(sentence(0))
    assert one.place == 1
    lane.put_back(one, why="a test")
    lane.remove(one)
    lane.put_back(one, why="a test")
    assert lane.waiting == 0
    assert one.answers.get_nowait().place == 0
    error = one.answers.get_nowait()
    assert isinstance(error, WorkerLostError)
    assert "2 workers died one after the other at sentence 1" in str(error)


def test_nobody_goes_on_with_what_is_not_wanted(speech):
    lane, one = queue(), speech()
    one.leave()
    lane.put_back(one, why="a test")
    lane.remove(one)
    assert lane.waiting == 0


def test_three_deaths_in_a_minute_without_work_between_are_a_loop():
    now = [0.0]
    crashes = CrashRecord(clock=lambda: now[0])
    delays = []
    for _ in range(9):
        crashes.died("signal 9")
        delays.append(crashes.delay_s)
    assert delays == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert crashes.looping
    now[0] = 61.0
    assert not crashes.looping
    crashes.worked()
    crashes.died("signal 9")
    crashes.died("signal 9")
    assert not crashes.looping
    assert crashes.delay_s == 1
    now[0] += 601.0
    crashes.died("signal 9")
    assert crashes.delay_s == 0
    assert (crashes.total, crashes.last) == (12, "signal 9")
