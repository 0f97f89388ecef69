"""Workers that are killed, clients who leave, and clients who hardly read."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress

from scripts.load.bench import Bench, Utterance
from scripts.load.generator import Point, open_loop, poisson
from scripts.load.machine import command, descendants, niceness, processor_s
from scripts.load.rows import Row, at_most, exactly, first_audio, none_of
from scripts.load.target import LoadError
from scripts.load.wire import OK, Connection

__all__ = ["killed_workers", "leaving_clients", "slow_readers", "speaking"]

L8, L12, L14 = "L8", "L12", "L14"
_WORKER = "voxgate.serving.pool.worker"
_KEEPER = "tether"
_BATCH_NICENESS = 19
_KILL_EVERY_S = 10.0
_RATE_HZ = 3.0
_LEAVERS = 500
_LEAVE_TOGETHER = 8
_SLOW_READERS = 50
_SLOW_BYTES = 1_000
_NARROW_BYTES = 4_096
_SETTLE_S = 1.0
_POLL_S = 0.05
_TOO_MANY = 429
_TRIES = 60
_AGAIN_S = 0.15


async def killed_workers(bench: Bench) -> list[Row]:
    """L8: texts of three sentences, three a second; every ten seconds a worker gets SIGKILL."""
    calm = await bench.point(_RATE_HZ, max(4.0, bench.seconds(8)), warm_up_s=1, parts=3)
    duration_s = max(_KILL_EVERY_S, bench.seconds(20))
    planned = poisson(_RATE_HZ, duration_s, seed=bench.seed)
    wanted = [bench.fresh(3) for _ in planned]
    whole_again: list[float | None] = []
    async with asyncio.TaskGroup() as group:
        killing = group.create_task(_kill_workers(bench, duration_s, whole_again))
        point = await open_loop(planned, lambda number: bench.say(wanted[number]))
        await killing
    refused = point.statuses[_TOO_MANY]  # told to come again: nothing was begun
    broken = sum(one.answer.status == OK and not one.answer.is_good for one in point.sent)
    lost = point.failed - refused - broken
    alone = await bench.solo_digests(wanted)
    short = sum(one.answer.sha256 != alone[wanted[one.number]] for one in point.good)
    rows = [
        Row(scenario=L8, what="workers killed", value=len(whole_again)),
        none_of(L8, "lost before their first byte", lost, of=len(point.sent), note=point.failures),
        none_of(L8, "whole answers with other samples than alone", short, of=len(point.good)),
        Row(scenario=L8, what="visibly broken", value=broken, count=len(point.sent)),
        Row(scenario=L8, what="refused by 429", value=refused, count=len(point.sent)),
        *first_audio(L8, "undisturbed", calm, ((99, None),)),
        *first_audio(L8, "with kills", point, ((50, None), (99, None))),
    ]
    return [*rows, _against_calm(calm, point), _whole_again(whole_again)]


async def leaving_clients(bench: Bench) -> list[Row]:
    """L12: 500 clients ask for ten sentences, and leave at the first audio, eight at a time."""
    for _ in range(3):
        await bench.say_patiently(bench.fresh(2))
    before, count = bench.resident(), bench.count(_LEAVERS, least=_LEAVE_TOGETHER)
    wanted = [bench.fresh(2).text for _ in range(_LEAVE_TOGETHER)]

    async def leave(number: int) -> int:
        heard = 0
        for _ in range(number, count, _LEAVE_TOGETHER):
            # nobody has asked for it in this order; a text that was kept would not be work
            text = " ".join([bench.fresh().text, *wanted[number:], *wanted[:number]])
            heard += await _leave_at_first_audio(bench, text)
        return heard

    heard = sum(await asyncio.gather(*(leave(number) for number in range(_LEAVE_TOGETHER))))
    await asyncio.sleep(_SETTLE_S)
    spent_s = await _spent_s(bench, _SETTLE_S)
    queued = await bench.metric("voxgate_queue_depth")
    grown = 100 * (bench.resident() / before - 1)
    return [
        Row(
            scenario=L12,
            what="clients who heard the beginning and left",
            value=heard,
            target=exactly(count),
            count=count,
        ),
        Row(
            scenario=L12,
            what=f"processor time in the second that began {_SETTLE_S:g} s later",
            value=1000 * spent_s,
            unit="ms",
            target=at_most(100),
        ),
        none_of(L12, "requests that still wait", round(queued), of=count),
        Row(scenario=L12, what="memory", value=grown, unit="%", target=at_most(5)),
    ]


async def slow_readers(bench: Bench) -> list[Row]:
    """L14: 50 clients read a kilobyte a second; beside them others ask, five a second."""
    alone = await bench.point(5, max(3.0, bench.seconds(8)), warm_up_s=1)
    before, count = bench.resident(), bench.count(_SLOW_READERS, least=3)
    connections: list[Connection] = []
    readers: list[asyncio.Task[int]] = []
    try:
        for _ in range(count):
            connection = await _admitted(bench, bench.fresh(5), receive_bytes=_NARROW_BYTES)
            if connection is not None:
                connections.append(connection)
                readers.append(asyncio.create_task(_read_slowly(connection)))
        await _until_idle(bench)
        beside = await bench.point(5, max(3.0, bench.seconds(8)), warm_up_s=1)
        held = (bench.resident() - before) / count / 1e6
    finally:
        for reader in readers:
            reader.cancel()
        for connection in connections:
            connection.close()
    found = await asyncio.gather(*readers, return_exceptions=True)
    ended = sum(not isinstance(each, asyncio.CancelledError) for each in found)
    rows = first_audio(L14, "5/s alone", alone, ((95, None),))
    rows += first_audio(L14, "5/s beside slow readers", beside, ((95, at_most(200)),))
    return [
        *rows,
        none_of(
            L14,
            "beside slow readers: errors",
            beside.failed,
            of=len(beside.sent),
            note=beside.failures,
        ),
        Row(
            scenario=L14,
            what="slow readers who were let in",
            value=len(readers),
            target=exactly(count),
            count=count,
        ),
        Row(
            scenario=L14, what="slow readers whose answer ended meanwhile", value=ended, count=count
        ),
        Row(
            scenario=L14,
            what="memory a slow reader",
            value=held,
            unit="MB",
            target=at_most(2),
            count=count,
        ),
    ]


def speaking(bench: Bench) -> list[int]:
    """Return the processes that speak, in both lanes."""
    words = {pid: command(pid) for pid in bench.processes()}
    return [pid for pid, said in words.items() if _WORKER in said and _KEEPER not in said]


def workers(bench: Bench) -> list[int]:
    """Return the processes that speak in the real-time lane.

    Raises:
        LoadError: there are none.
    """
    found = []
    for pid in speaking(bench):
        with suppress(ProcessLookupError):
            if niceness(pid) < _BATCH_NICENESS:
                found.append(pid)
    if not found:
        raise LoadError("this server has no worker processes that could be killed")
    return found


async def _kill_workers(bench: Bench, duration_s: float, whole_again: list[float | None]) -> None:
    numbers, begun_s = random.Random(bench.seed), time.monotonic()  # noqa: S311
    whole = len(workers(bench))
    for number in range(int(duration_s // _KILL_EVERY_S)):
        await asyncio.sleep(max(0, begun_s + (number + 0.3) * _KILL_EVERY_S - time.monotonic()))
        dead = numbers.choice(workers(bench))
        killed_s = time.monotonic()
        os.kill(dead, signal.SIGKILL)
        while dead in descendants(bench.target.pid):
            await asyncio.sleep(_POLL_S)
        whole_again.append(await _until_warm(bench, whole, killed_s))


async def _until_warm(bench: Bench, whole: int, since_s: float) -> float | None:
    """Wait until as many workers are warm as there are places; returns how long that took."""
    while time.monotonic() < since_s + 3 * _KILL_EVERY_S:
        await asyncio.sleep(_POLL_S)  # at first the pool has not noticed yet
        lane = (await bench.readiness()).get("lanes", {}).get("real_time", {}).get("workers", {})
        if lane.get("warm", 0) >= lane.get("places", whole) and len(workers(bench)) >= whole:
            return time.monotonic() - since_s
    return None


def _against_calm(calm: Point, point: Point) -> Row:
    fault = calm.fault or point.fault
    one, other = calm.first_ms(99), point.first_ms(99)
    return Row(
        scenario=L8,
        what="with kills, p99 against undisturbed",
        value=other / one if one and other and not fault else None,
        unit="x",
        target=at_most(2),
        count=len(point.good),
        note=fault or ("" if one and other else "no request got audio"),
    )


def _whole_again(took_s: list[float | None]) -> Row:
    never = sum(each is None for each in took_s)
    known = [each for each in took_s if each is not None]
    return Row(
        scenario=L8,
        what="until all workers are warm again, longest",
        value=max(known) if known and not never else None,
        unit="s",
        target=at_most(10),
        count=len(took_s),
        note=f"{never} times not within {3 * _KILL_EVERY_S:g} s" if never else _none_killed(known),
    )


def _none_killed(known: list[float]) -> str:
    return "" if known else "no worker was killed"


async def _leave_at_first_audio(bench: Bench, text: str) -> bool:
    """Ask until it is let in, read the first piece, and close the connection."""
    wanted = Utterance(text=text, voice=bench.target.voices[0], model=bench.target.model)
    connection = await _admitted(bench, wanted)
    if connection is None:
        return False
    try:
        return bool(await connection.reader.read(_SLOW_BYTES))
    except OSError:
        return False
    finally:
        connection.close()


async def _admitted(
    bench: Bench, wanted: Utterance, *, receive_bytes: int | None = None
) -> Connection | None:
    """Ask again and again until the head of a 200 comes; None if none does."""
    for _ in range(_TRIES):
        connection = await Connection.open(bench.target.address, receive_bytes=receive_bytes)
        head = b""
        try:
            await connection.send(bench.request(wanted), keep_alive=False)
            head = await connection.reader.readuntil(b"\r\n\r\n")
        except (OSError, EOFError):
            pass  # no head is no 200
        if b" 200 " in head.split(b"\r\n")[0]:
            return connection
        connection.close()
        await asyncio.sleep(_AGAIN_S)
    return None


async def _spent_s(bench: Bench, duration_s: float) -> float:
    processes = bench.processes()
    before_s = processor_s(processes)
    await asyncio.sleep(duration_s)
    return processor_s(processes) - before_s


async def _until_idle(bench: Bench) -> None:
    """Wait, a minute at most, until the server computes nothing: all that was asked is said."""
    for _ in range(60):
        if await _spent_s(bench, 1.0) < 0.2:  # noqa: PLR2004  # a fifth of a core
            return


async def _read_slowly(connection: Connection) -> int:
    """Read a kilobyte a second until the server ends the answer; returns how much it was."""
    total = 0
    while data := await connection.reader.read(_SLOW_BYTES):
        total += len(data)
        await asyncio.sleep(len(data) / _SLOW_BYTES)
    return total
