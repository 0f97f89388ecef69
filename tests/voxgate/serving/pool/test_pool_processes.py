"""The pool with real voices of tiny sizes in real processes: the same bytes, whatever happens."""

import asyncio
import os
import signal
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.tiny_preset import TINY_DURATIONS
from tests.fakes.tiny_served_voice import LOADER, load, write_tiny
from voxgate.audio.shards import to_pcm16
from voxgate.serving.pool.pool import WorkerPool
from voxgate.serving.pool.supervision import PoolSettings
from voxgate.serving.pool.voices import Speaker
from voxgate.serving.requests import Lane, PackagedVoice, SpokenSentence, Utterance
from voxgate.speaking.presets import SpeakingPreset

pytestmark = pytest.mark.slow

PRESET = SpeakingPreset(name="plain", version=1)
WORDS = "bring close open carry find keep hold send".split()
LONG = " ".join(f"{word.title()} the small blue kettle to the table." for word in WORDS * 6)


@pytest.fixture(scope="module")
def voices(tmp_path_factory) -> list[PackagedVoice]:
    root = tmp_path_factory.mktemp("voices")
    return [write_tiny(root / name, TINY_DURATIONS, speaker_id=name) for name in ("ann", "bob")]


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    from models.gpt_sovits import presets

    monkeypatch.setattr(presets, "PRESETS", presets.PRESETS)  # `load` adds to them
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def utterance(voice: PackagedVoice, text: str, *, seed: int = 1) -> Utterance:
    return Utterance(voice=voice, preset=PRESET, text=text, seed=seed)


def mixed(voices: list[PackagedVoice], count: int) -> list[Utterance]:
    return [
        utterance(
            voices[number % 2],
            f"{WORDS[number % 8].title()} the kettle. {WORDS[number // 8 % 8].title()} the door.",
            seed=number % 5,
        )
        for number in range(count)
    ]


def joined(sentences: list[SpokenSentence]) -> bytes:
    assert [one.place for one in sentences] == list(range(len(sentences)))
    return b"".join(one.pcm.tobytes() for one in sentences)


def alone(spoken: list[Utterance]) -> list[bytes]:
    speaker = Speaker(load)
    return [joined(list(speaker.speak(one))) for one in spoken]


@asynccontextmanager
async def opened(voices, **changes):
    settings = replace(PoolSettings(loader=LOADER, real_time_waiting=64), **changes)
    pool = WorkerPool(settings, warm_up=utterance(voices[0], "Bring the kettle."))
    async with asyncio.timeout(600), pool:
        await pool.ready()
        yield pool


async def heard(pool, spoken, lane=Lane.REAL_TIME) -> bytes:
    return joined([one async for one in pool.speak(spoken, lane=lane)])


def test_whole_streamed_alone_and_among_others_are_the_same_bytes(voices):
    text = "Bring the kettle. Close the door, please. Who is there?"
    whole = load(voices[0].folder, threads=1, precision="float32").speak(text, seed=1).wave
    spoken = utterance(voices[0], text)

    async def scene():
        async with opened(voices) as pool:
            first = await heard(pool, spoken)
            others = [heard(pool, one) for one in mixed(voices, 20)]
            among, *_ = await asyncio.gather(heard(pool, spoken), *others)
            batch = await heard(pool, spoken, Lane.BATCH)
            return first, among, batch

    assert set(asyncio.run(scene())) == {to_pcm16(whole).tobytes()}


def test_200_mixed_requests_of_16_clients_are_not_mixed_up(voices):
    spoken = mixed(voices, 200)

    async def client(pool, own, answers):
        for number in own:
            lane = Lane.BATCH if number % 4 == 0 else Lane.REAL_TIME
            answers[number] = await heard(pool, spoken[number], lane)

    async def scene():
        answers: dict[int, bytes] = {}
        async with opened(voices) as pool:
            await asyncio.gather(
                *(client(pool, range(start, 200, 16), answers) for start in range(16))
            )
        return [answers[number] for number in range(200)]

    assert asyncio.run(scene()) == alone(spoken)


def test_a_worker_that_is_killed_at_any_sentence_changes_no_byte(voices):
    spoken = utterance(voices[0], LONG)
    (expected,) = alone([spoken])

    async def scene():
        async with opened(voices) as pool:
            for place in (0, 3, 11):
                before = set(pool.pids()[Lane.REAL_TIME])
                answer = []
                async with aclosing(pool.speak(spoken, lane=Lane.REAL_TIME)) as sentences:
                    async for one in sentences:
                        answer.append(one)
                        if one.place == place:
                            os.kill(_busy(before), signal.SIGKILL)
                assert joined(answer) == expected
                await pool.ready()
                assert len(set(pool.pids()[Lane.REAL_TIME]) - before) == 1
            assert pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 3
            assert pool.readiness().ready
            pids = [pid for own in pool.pids().values() for pid in own]
        assert [pid for pid in pids if _runs(pid)] == []

    asyncio.run(scene())


def _runs(pid: int) -> bool:
    """Whether a process is more than a name that the init process has not yet crossed out."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _busy(pids: set[int]) -> int:
    """Return the process that has used the processor more of late."""
    import time

    before = {pid: _ticks(pid) for pid in pids}
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        time.sleep(0.02)
        used = {pid: _ticks(pid) - before[pid] for pid in pids}
        if max(used.values()) > 0:
            return max(used, key=used.__getitem__)
    raise AssertionError("no worker was busy")


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_client_that_leaves_frees_the_worker(voices):
    async def scene():
        async with opened(voices, spares=0) as pool:
            for _ in range(5):
                async with aclosing(
                    pool.speak(utterance(voices[0], LONG), lane=Lane.REAL_TIME)
                ) as sentences:
                    assert np.any((await anext(sentences)).pcm)
            loop = asyncio.get_running_loop()
            began = loop.time()
            await heard(pool, utterance(voices[0], "Bring the kettle."))
            took_s = loop.time() - began
            began = loop.time()
            await heard(pool, utterance(voices[0], LONG))
            assert took_s < (loop.time() - began) / 4
            assert pool.readiness().lanes[Lane.REAL_TIME]["deaths"] == 0

    asyncio.run(scene())
