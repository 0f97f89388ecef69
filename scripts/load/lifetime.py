"""A version that becomes live under load, and a server that works for a long time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from scripts.load.bench import Bench
from scripts.load.generator import open_loop, poisson
from scripts.load.machine import open_files, resident_bytes
from scripts.load.rows import Row, at_least, at_most, exactly, first_audio
from scripts.load.target import LoadError, ServeSite

__all__ = ["promotion", "soak"]

L13, L15 = "L13", "L15"
_SOAK_S = 1_200.0
_SOAK_HZ = 7.0
_SAMPLE_S = 30.0
_HOUR_S = 3_600.0
_MB = 1e6
_PROMOTION_HZ = 4.0
_PROMOTION_S = 45.0
_CALM_S = 4.0
"""Before the approval; the rest is for the command, and for workers that load another voice."""

_DECISION = ("--by", "Load Report", "--reason", "promoted under load")


async def soak(bench: Bench) -> list[Row]:
    """L13, shortened: 20 minutes at 7 a second, a third of a core; memory of the second half."""
    duration_s, seen = max(60.0, bench.seconds(_SOAK_S)), list[tuple[int, int]]()

    async def sample() -> None:
        while True:
            await asyncio.sleep(min(_SAMPLE_S, duration_s / 8))
            seen.append((bench.resident(), open_files(bench.target.pid)))

    sampling = asyncio.create_task(sample())
    try:
        # a text in ten is new: there are not as many sentences as requests
        wanted = [bench.fresh() for _ in range(max(10, round(duration_s * _SOAK_HZ / 10)))]
        planned = poisson(_SOAK_HZ, duration_s, seed=bench.seed)
        point = await open_loop(planned, lambda number: bench.say(wanted[number % len(wanted)]))
    finally:
        sampling.cancel()
    half = seen[len(seen) // 2 :]
    share = (half[-1][0] - half[0][0]) / half[0][0]
    per_hour = 100 * share * _HOUR_S / (duration_s / 2)
    return [
        *first_audio(L13, "7/s", point, ((50, None), (99, None))),
        Row(scenario=L13, what="errors", value=point.failed, target=exactly(0), count=len(planned)),
        Row(
            scenario=L13, what="memory, second half", value=per_hour, unit="%/h", target=at_most(2)
        ),
        Row(
            scenario=L13,
            what="descriptors more at the end than at half time",
            value=half[-1][1] - half[0][1],
            target=at_most(0),
        ),
    ]


async def promotion(bench: Bench) -> list[Row]:
    """L15: under four requests a second another version is approved and becomes live."""
    if bench.promotion is None or not isinstance(bench.site, ServeSite):
        raise LoadError(
            "the checkout needs a second version that waits for its approval, named by --promote: "
            "`make run` with other training parameters before `python -m scripts.load.prepare`"
        )
    site, words = bench.site, ["approve", str(bench.promotion), *_DECISION]
    planned = poisson(_PROMOTION_HZ, _PROMOTION_S, seed=bench.seed)
    wanted = [bench.fresh() for _ in planned]
    before, resident = bench.resident(), list[int]()

    async def watch() -> None:
        while True:
            resident.append(bench.resident())
            await asyncio.sleep(1)

    async def approve() -> None:
        await asyncio.sleep(_CALM_S)
        await asyncio.to_thread(site.run, *words)

    watching, approving = asyncio.create_task(watch()), asyncio.create_task(approve())
    try:
        point = await open_loop(planned, lambda number: bench.say(wanted[number]))
        await approving
    finally:
        watching.cancel()
    largest = max(resident_bytes([pid]) for pid in bench.processes())
    spoken = [
        (replace(wanted[one.number], model=one.answer.headers["x-voxgate-model"]), one.answer)
        for one in point.good
    ]
    alone = await bench.solo_digests([text for text, _ in spoken])
    mixed = sum(alone[text] != answer.sha256 for text, answer in spoken)
    versions = sorted({text.model for text, _ in spoken})
    return [
        *first_audio(L15, "4/s", point, ((50, None), (99, None))),
        Row(
            scenario=L15,
            what="errors",
            value=point.failed,
            target=exactly(0),
            count=len(point.sent),
            note=point.failures,
        ),
        Row(
            scenario=L15,
            what="versions that answered",
            value=len(versions),
            target=at_least(2),
            note=", ".join(versions),
        ),
        Row(
            scenario=L15,
            what="answers that are not wholly of the version that they name",
            value=mixed,
            target=exactly(0),
            count=len(spoken),
        ),
        Row(
            scenario=L15,
            what="memory at most, in processes of the largest size more than before",
            value=(max(resident) - before) / largest,
            target=at_most(1),
            note=f"{before / _MB:.0f} MB before, {max(resident) / _MB:.0f} MB at most",
        ),
    ]
