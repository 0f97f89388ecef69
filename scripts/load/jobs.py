"""Jobs in flight while the server is killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

from scripts.load.bench import Bench
from scripts.load.job_client import Job, fetch_pcm, say_pcm, submit, wait_for
from scripts.load.losses import speaking
from scripts.load.rows import Row, exactly
from scripts.load.target import LoadError
from voxgate.stage import Workspace

__all__ = ["killed_servers", "sound_files"]

L9 = "L9"
_KILLS = 4
_JOBS_A_KILL = 6
_LONGEST_S = 2.5
_PATIENCE_S = 120.0
_RIFF = b"RIFF"


async def killed_servers(bench: Bench) -> list[Row]:
    """L9: SIGKILL to a worker and to the server at random instants with jobs in flight.

    After each, every submission is sent again, as a client does who had no answer.
    """
    numbers = random.Random(bench.seed)  # noqa: S311  # instants, no secret
    before, jobs = sound_files(bench.root), list[Job]()
    kills, dead = bench.count(_KILLS), 0
    for kill in range(kills):
        wanted = [(bench.fresh(2), f"{bench.run}-{kill}-{n}") for n in range(_JOBS_A_KILL)]
        killing = asyncio.create_task(_kill(bench, numbers))
        sending = [asyncio.create_task(submit(bench, text, key)) for text, key in wanted]
        dead += await killing
        await asyncio.gather(*sending, return_exceptions=True)
        bench.target = await asyncio.to_thread(bench.site.start)
        for text, key in wanted:
            answer, job = await submit(bench, text, key)
            if job is None:
                raise LoadError(f"a job was answered by {answer.status} {answer.fault}")
            jobs.append(job)
    ends = await wait_for(bench, jobs, within_s=_PATIENCE_S)
    files = sound_files(bench.root) - before
    other = await differing(bench, jobs)
    count = len(jobs)
    return [
        Row(scenario=L9, what="kills of the server", value=kills),
        Row(scenario=L9, what="kills of workers", value=dead),
        Row(scenario=L9, what="jobs, by id", value=len(ends), target=exactly(count), count=count),
        Row(
            scenario=L9,
            what="jobs that succeeded",
            value=sum(status == "succeeded" for status in ends.values()),
            target=exactly(count),
            count=count,
            note=str(dict(Counter(ends.values()))),
        ),
        Row(scenario=L9, what="files stored", value=len(files), target=exactly(count), count=count),
        Row(
            scenario=L9,
            what="files with other samples than an undisturbed run",
            value=other,
            target=exactly(0),
            count=count,
        ),
    ]


async def differing(bench: Bench, jobs: list[Job]) -> int:
    """Count the jobs whose file is missing, or has not the samples of the text spoken now."""
    await bench.restart()
    other = 0
    for job in jobs:
        stored, spoken = await fetch_pcm(bench, job), await say_pcm(bench, job.wanted)
        other += stored is None or stored != spoken
    return other


def sound_files(root: Path) -> set[Path]:
    """Return the WAV files that a checkout's service keeps, wherever it keeps them."""
    return {
        path
        for path in Workspace(root).speech_dir.rglob("*")
        if path.is_file() and _begins_with_riff(path)
    }


def _begins_with_riff(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_RIFF)) == _RIFF


async def _kill(bench: Bench, numbers: random.Random) -> int:
    """Kill one that speaks, and then the server; returns how many that spoke were hit."""
    end_s = numbers.uniform(0, _LONGEST_S)
    first_s = numbers.uniform(0, end_s)
    await asyncio.sleep(first_s)
    hit = 0
    with suppress(IndexError, ProcessLookupError):  # none is up, or it has just ended
        os.kill(numbers.choice(sorted(speaking(bench))), signal.SIGKILL)
        hit = 1
    await asyncio.sleep(end_s - first_s)
    await asyncio.to_thread(bench.site.kill)
    return hit
