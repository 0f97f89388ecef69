"""Encoding of an answer: whole, as a stream, and for a reader who takes their time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest

from tests.fakes.speech_service import RATE_HZ, FakeSpeechService, expected_sentences
from voxgate.adapters.http.faults import NoAudioError
from voxgate.adapters.http.output import Output
from voxgate.adapters.http.studio import Recording, Studio, ahead
from voxgate.audio.encoding import EncodingName
from voxgate.errors import WorkerLostError
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane, SpeechRequest, SpokenSentence

CALLER = Caller(
    key_id="k", lane=Lane.REAL_TIME, rights=frozenset(), purpose="internal", request_id="r",
    trace_id="t",
)  # fmt: skip
REQUEST = SpeechRequest(text="One. Two. Three.", model="voice-en")
WAV_HEADER = 44


@pytest.fixture
def studio() -> Iterator[Studio]:
    made = Studio(2)
    yield made
    made.close()


async def record(studio: Studio, output: Output, text: str = REQUEST.text) -> Recording:
    request = SpeechRequest(text=text, model="voice-en")
    return studio.record(await FakeSpeechService().say(request, caller=CALLER), output)


@pytest.mark.parametrize("rate_hz", [None, 8_000, 24_000])
def test_a_stream_has_the_samples_of_the_file(studio: Studio, rate_hz: int | None) -> None:
    output = Output(encoding="wav", rate_hz=rate_hz)

    async def both() -> tuple[list[tuple[bytes, float]], tuple[bytes, float]]:
        streamed = [piece async for piece in (await record(studio, output)).pieces()]
        return streamed, await (await record(studio, output)).file()

    streamed, (file, seconds) = asyncio.run(both())
    assert len(streamed) == 3
    assert b"".join(data for data, _ in streamed)[WAV_HEADER:] == file[WAV_HEADER:]
    assert sum(length for _, length in streamed) == pytest.approx(seconds) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("encoding", "rate_hz", "expected"),
    [("wav", None, RATE_HZ), ("opus", None, RATE_HZ), ("pcm", 24_000, 24_000)],
)
def test_a_rate_that_nobody_asked_for_is_the_voices(
    studio: Studio, encoding: EncodingName, rate_hz: int | None, expected: int
) -> None:
    made = asyncio.run(record(studio, Output(encoding=encoding, rate_hz=rate_hz)))
    assert made.rate_hz == expected


def test_no_sentence_is_an_error_in_both_shapes(studio: Studio) -> None:
    async def first_piece() -> None:
        await anext((await record(studio, Output(encoding="mp3"), text=" ")).pieces())

    async def file() -> None:
        await (await record(studio, Output(encoding="mp3"), text=" ")).file()

    for shape in (first_piece, file):
        with pytest.raises(NoAudioError):
            asyncio.run(shape())


def spoken(place: int) -> SpokenSentence:
    pcm = expected_sentences(REQUEST)[0]
    return SpokenSentence(place=place, pcm=pcm, sample_rate_hz=RATE_HZ, stopped_by_limit=False)


class Worker:
    """Speaks ten sentences, or fewer and a fault, and notes how far it came."""

    def __init__(self, fault_at: int | None = None) -> None:
        self.fault_at, self.said, self.ended = fault_at, 0, False

    async def sentences(self) -> AsyncIterator[SpokenSentence]:
        try:
            for place in range(10):
                if place == self.fault_at:
                    raise WorkerLostError("dead")
                self.said += 1
                yield spoken(place)
        finally:
            self.ended = True


def test_a_worker_is_done_while_its_reader_is_still_at_the_first_sentence() -> None:
    async def read_one() -> tuple[bool, list[int]]:
        worker = Worker()
        read = ahead(worker.sentences(), most=32)
        first = await anext(read)
        await asyncio.sleep(0.01)
        done = worker.ended
        return done, [first.place, *[sentence.place async for sentence in read]]

    assert asyncio.run(read_one()) == (True, list(range(10)))


def test_no_more_is_kept_than_it_may_be() -> None:
    async def read_one() -> int:
        worker = Worker()
        read = ahead(worker.sentences(), most=2)
        await anext(read)
        await asyncio.sleep(0.01)
        said = worker.said
        await read.aclose()
        return said

    assert asyncio.run(read_one()) == 4  # one was read, two wait, one is to be put


def test_a_fault_comes_after_what_was_said_before_it() -> None:
    async def read_all() -> list[int]:
        found = []
        with pytest.raises(WorkerLostError):
            async for sentence in ahead(Worker(fault_at=3).sentences(), most=32):
                found.append(sentence.place)  # noqa: PERF401  # it does not come to an end
        return found

    assert asyncio.run(read_all()) == [0, 1, 2]


def test_leaving_ends_the_worker() -> None:
    async def leave() -> bool:
        service = FakeSpeechService(pause_s=60)
        answer = await service.say(REQUEST, caller=CALLER)
        read = ahead(answer.sentences, most=2)
        waiting = asyncio.ensure_future(anext(read))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return service.left == 1

    assert asyncio.run(leave())


def test_sentences_are_not_changed_on_the_way() -> None:
    async def read_all() -> list[SpokenSentence]:
        return [sentence async for sentence in ahead(Worker().sentences(), most=1)]

    for sentence in asyncio.run(read_all()):
        np.testing.assert_array_equal(sentence.pcm, spoken(0).pcm)
