"""The desk on a pool that speaks noise: who gets what from where, and that it is the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.speech_pool import FakeSpeechPool, fake_sentence, plain_sentences, utterance
from voxgate.errors import (
    ConsentError,
    DeadlineError,
    OverloadedError,
    TextError,
    VoiceError,
    WorkerLostError,
)
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.desk import CacheState, SpeakingDesk
from voxgate.serving.desk.files import SentenceFiles
from voxgate.serving.desk.reading import SentenceReader
from voxgate.serving.requests import Lane, SpokenSentence, Utterance
from voxgate.speaking.presets import SpeakingPreset

TEXT = "Good morning, Anna. Your parcel is here. Please come and fetch it."
ASKED = utterance(TEXT)


def always() -> None:
    return


def cached(folder: Path | None = None, *, max_bytes: int = 1 << 24) -> SentenceCache:
    files = None if folder is None else SentenceFiles(folder, max_bytes=1 << 24)
    return SentenceCache(files, max_bytes=max_bytes, time_to_live=timedelta(hours=1))


def desk_of(
    pool: FakeSpeechPool, cache: SentenceCache | None = None, read: SentenceReader = plain_sentences
) -> SpeakingDesk:
    return SpeakingDesk(pool, read=read, cache=cache or cached(), speaking_code="c0de")


async def say(
    desk: SpeakingDesk,
    asked: Utterance = ASKED,
    *,
    lane: Lane = Lane.REAL_TIME,
    allowed: Callable[[], None] = always,
    deadline_s: float | None = None,
    keep: bool = True,
) -> tuple[CacheState, list[SpokenSentence]]:
    state, answer = await desk.speak(
        asked, lane=lane, allowed=allowed, deadline_s=deadline_s, keep=keep
    )
    return state, [sentence async for sentence in answer]


def pcm(sentences: Sequence[SpokenSentence]) -> bytes:
    assert [s.place for s in sentences] == list(range(len(sentences)))
    return np.concatenate([s.pcm for s in sentences]).tobytes()


def whole(asked: Utterance = ASKED) -> bytes:
    """Return what the voice says when nobody cuts, keeps or joins anything."""
    return pcm([fake_sentence(asked, t, n) for n, t in enumerate(plain_sentences(asked))])


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0.001)


def test_made_kept_and_kept_by_halves_are_the_same_bytes() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        desk = desk_of(pool)
        state, made = await say(desk)
        assert (state, pcm(made)) == ("miss", whole())
        state, kept = await say(desk)
        assert (state, pcm(kept)) == ("hit", whole())
        other = utterance("Good morning, Anna. Your parcel is late.")
        state, mixed = await say(desk, other)
        assert (state, pcm(mixed)) == ("hit", whole(other))
        assert (pool.firsts, pool.spoken) == ([0, 1], 4)

    asyncio.run(scene())


@pytest.mark.parametrize(
    "other",
    [
        utterance(TEXT, seed=1),
        utterance(TEXT, voice="cd" * 32),
        utterance(TEXT, preset=SpeakingPreset(name="realtime", version=1, cut="every_mark")),
        utterance("Your parcel is here. Good morning, Anna."),
    ],
)
def test_another_utterance_never_gets_these_sentences(other: Utterance) -> None:
    async def scene() -> None:
        desk = desk_of(FakeSpeechPool())
        await say(desk)
        state, spoken = await say(desk, other)
        assert (state, pcm(spoken)) == ("miss", whole(other))

    asyncio.run(scene())


def test_a_new_server_speaks_from_disk(tmp_path: Path) -> None:
    async def scene() -> None:
        await say(desk_of(FakeSpeechPool(), cached(tmp_path)))
        pool = FakeSpeechPool()
        state, spoken = await say(desk_of(pool, cached(tmp_path)))
        assert (state, pcm(spoken), pool.syntheses) == ("hit", whole(), 0)

    asyncio.run(scene())


def test_a_thousand_equal_requests_are_one_synthesis() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool(delay_s=0.05)
        reads: list[str] = []

        def read(asked: Utterance) -> Sequence[str]:
            reads.append(asked.text)
            return plain_sentences(asked)

        desk = desk_of(pool, read=read)
        answers = await asyncio.gather(*(say(desk, keep=False) for _ in range(1000)))
        assert (pool.syntheses, pool.spoken, len(reads)) == (1, 3, 1)
        assert {pcm(spoken) for _, spoken in answers} == {whole()}
        states = [state for state, _ in answers]
        assert (states.count("miss"), states.count("join")) == (1, 999)

    asyncio.run(scene())


def test_a_text_that_was_read_is_not_read_again_and_not_remembered(tmp_path: Path) -> None:
    async def scene() -> None:
        reads: list[str] = []

        def read(asked: Utterance) -> Sequence[str]:
            reads.append(asked.text)
            return plain_sentences(asked)

        pool, cache = FakeSpeechPool(), cached(tmp_path, max_bytes=27_000)  # no room for both
        desk = desk_of(pool, cache, read)
        other = utterance("Another one. It has two sentences.")
        for asked in (ASKED, ASKED, other, other, ASKED):
            assert pcm((await say(desk, asked))[1]) == whole(asked)
        assert (len(reads), pool.syntheses) == (2, 2)
        assert cache.counts.evicted > 0
        assert cache.counts.loaded > 0
        assert [key.facts for keys in desk._read_before.values() for key in keys] == [{}] * 5

    asyncio.run(scene())


def test_sixty_four_mixed_requests_get_their_own() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool(delay_s=0.001)
        desk = desk_of(pool, cached(max_bytes=20_000))
        asked = [utterance(f"Number {n % 16}. {TEXT}", seed=n % 3) for n in range(64)]
        answers = await asyncio.gather(*(say(desk, one) for one in asked))
        assert [pcm(spoken) for _, spoken in answers] == [whole(one) for one in asked]
        assert pool.syntheses == 48

    asyncio.run(scene())


def test_who_joins_late_gets_the_sentences_that_are_there_first() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        desk = desk_of(pool)
        state, first = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always)
        pool.gate = asyncio.Event()
        await anext(first)
        late = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always)
        assert (state, late[0]) == ("miss", "join")
        pool.gate.set()
        assert pcm([sentence async for sentence in late[1]]) == whole()
        assert pool.syntheses == 1

    asyncio.run(scene())


def test_lanes_do_not_wait_for_each_other() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool(delay_s=0.01)
        desk = desk_of(pool)
        answers = await asyncio.gather(*(say(desk, lane=lane, keep=False) for lane in Lane))
        assert [state for state, _ in answers] == ["miss", "miss"]
        assert pool.syntheses == 2

    asyncio.run(scene())


def test_work_goes_on_for_who_stays_and_ends_with_who_leaves_last() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        desk = desk_of(pool)
        _, first = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always)
        _, second = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always)
        pool.gate = asyncio.Event()
        await first.aclose()
        await settle()
        assert pool.left == 0
        await second.aclose()
        await settle()
        assert pool.left == 1
        made = pool.spoken
        pool.gate.set()
        await settle()
        assert pool.spoken == made
        state, spoken = await say(desk)
        assert (state, pcm(spoken)) == ("hit", whole())  # what was made before is kept

    asyncio.run(scene())


def test_a_caller_who_is_cancelled_before_the_first_sentence_leaves() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        pool.gate = asyncio.Event()
        waiting = asyncio.create_task(say(desk_of(pool)))
        await settle()
        waiting.cancel()
        await settle()
        assert (pool.syntheses, pool.left, pool.spoken) == (1, 1, 0)

    asyncio.run(scene())


def test_a_failure_reaches_all_and_is_not_kept() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool(delay_s=0.01)
        pool.faults[1] = WorkerLostError("three workers died")
        desk = desk_of(pool)
        answers = [await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always) for _ in range(3)]
        for _, answer in answers:
            assert (await anext(answer)).place == 0
            with pytest.raises(WorkerLostError, match="three workers"):
                await anext(answer)
        del pool.faults[1]
        state, spoken = await say(desk)
        assert (state, pcm(spoken), pool.firsts) == ("hit", whole(), [0, 1])

    asyncio.run(scene())


@pytest.mark.parametrize("fault", [TextError("nothing"), OverloadedError("full", retry_after_s=1)])
def test_what_fails_before_the_first_sentence_fails_at_once(fault: Exception) -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        pool.faults[0] = fault
        with pytest.raises(type(fault)):
            await desk_of(pool).speak(ASKED, lane=Lane.REAL_TIME, allowed=always)

    asyncio.run(scene())


class FullPool(FakeSpeechPool):
    """Refuses whatever is asked, as a pool does whose queue is full."""

    async def speak(
        self, utterance: Utterance, *, lane: Lane, deadline_s: float | None = None, first: int = 0
    ) -> AsyncIterator[SpokenSentence]:
        raise OverloadedError("the queue is full", retry_after_s=1.0)
        yield


def test_a_full_queue_refuses_a_request_whose_first_sentence_is_kept(tmp_path: Path) -> None:
    async def scene() -> None:
        await say(desk_of(FakeSpeechPool(), cached(tmp_path)))
        longer = utterance(f"{TEXT} Thank you very much.")
        desk = desk_of(FullPool(), cached(tmp_path))
        with pytest.raises(OverloadedError):
            await desk.speak(longer, lane=Lane.REAL_TIME, allowed=always)
        assert (await say(desk))[0] == "hit"  # what is there as a whole needs no pool

    asyncio.run(scene())


def test_each_caller_waits_no_longer_than_asked() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        pool.gate = asyncio.Event()
        desk = desk_of(pool)
        patient = asyncio.create_task(say(desk))
        await settle()
        with pytest.raises(DeadlineError, match=r"not ready in 0\.01 s"):
            await say(desk, deadline_s=0.01)
        assert pool.left == 0
        pool.gate.set()
        assert pcm((await patient)[1]) == whole()

    asyncio.run(scene())


def test_nobody_hears_what_is_not_allowed_from_wherever_it_comes() -> None:
    def revoked() -> None:
        raise ConsentError("the consent C12 was revoked")

    async def scene() -> None:
        pool = FakeSpeechPool(delay_s=0.01)
        desk = desk_of(pool)
        with pytest.raises(ConsentError):
            await say(desk, allowed=revoked)
        assert pool.syntheses == 0
        await say(desk)
        with pytest.raises(ConsentError):
            await say(desk, allowed=revoked)

    asyncio.run(scene())


@pytest.mark.parametrize("kept_before", [False, True])
def test_a_revocation_stops_an_answer_that_has_begun_and_nobody_elses(kept_before: bool) -> None:
    consent = [True]

    def allowed() -> None:
        if not consent[0]:
            raise ConsentError("the consent C12 was revoked")

    async def scene() -> None:
        desk = desk_of(FakeSpeechPool(delay_s=0.01))
        if kept_before:
            await say(desk)
        _, mine = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=allowed)
        other = asyncio.create_task(say(desk))
        await anext(mine)
        consent[0] = False
        with pytest.raises(ConsentError, match="C12"):
            await anext(mine)
        assert pcm((await other)[1]) == whole()

    asyncio.run(scene())


def test_what_was_under_way_during_a_recall_is_not_kept() -> None:
    async def scene() -> None:
        pool, cache = FakeSpeechPool(), cached()
        desk = desk_of(pool, cache)
        _, answer = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always)
        cache.erase(lambda owner: owner.voice == ASKED.voice.digest)
        assert pcm([sentence async for sentence in answer]) == whole()
        assert cache.bytes == 0

    asyncio.run(scene())


def test_a_caller_whose_speech_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        cache = cached(tmp_path)
        desk = desk_of(FakeSpeechPool(), cache)
        assert pcm((await say(desk, keep=False))[1]) == whole()
        assert (await say(desk, keep=False))[0] == "miss"
        assert (cache.bytes, list(tmp_path.rglob("*.s16"))) == (0, [])

    asyncio.run(scene())


def test_a_disk_that_refuses_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        cache = cached(tmp_path)
        (tmp_path / ASKED.voice.digest).touch()  # where a folder has to be made
        desk = desk_of(FakeSpeechPool(), cache)
        assert pcm((await say(desk))[1]) == whole()
        assert (await say(desk))[0] == "hit"

    asyncio.run(scene())
    assert "was not kept on disk" in caplog.text
    assert "parcel" not in caplog.text


@pytest.mark.parametrize("count", [2, 4])
def test_a_pool_that_reads_the_text_otherwise_is_an_error(count: int) -> None:
    async def scene() -> None:
        pool = FakeSpeechPool(read=lambda _: [f"Piece {n}." for n in range(count)])
        with pytest.raises(VoiceError, match="expected 3 sentences"):
            await say(desk_of(pool))

    asyncio.run(scene())


def test_a_text_that_cannot_be_read_fails_for_all_who_asked() -> None:
    def read(asked: Utterance) -> Sequence[str]:
        raise TextError("nothing in it can be spoken")

    async def scene() -> None:
        pool = FakeSpeechPool()
        desk = desk_of(pool, read=read)
        ends = await asyncio.gather(*(say(desk) for _ in range(3)), return_exceptions=True)
        assert [type(end) for end in ends] == [TextError] * 3
        assert pool.syntheses == 0

    asyncio.run(scene())


def test_who_leaves_while_the_text_is_read_takes_nobody_along() -> None:
    may_read = threading.Event()

    def read(asked: Utterance) -> Sequence[str]:
        assert may_read.wait(10)
        return plain_sentences(asked)

    async def scene() -> None:
        desk = desk_of(FakeSpeechPool(), read=read)
        first, second = (asyncio.create_task(say(desk)) for _ in range(2))
        await settle()
        first.cancel()
        await settle()
        may_read.set()
        assert pcm((await second)[1]) == whole()

    asyncio.run(scene())


def test_closing_ends_what_is_being_spoken() -> None:
    async def scene() -> None:
        pool = FakeSpeechPool()
        desk = desk_of(pool)
        _, answer = await desk.speak(ASKED, lane=Lane.REAL_TIME, allowed=always)
        pool.gate = asyncio.Event()
        await anext(answer)
        await desk.close()
        assert pool.left == 1

    asyncio.run(scene())
