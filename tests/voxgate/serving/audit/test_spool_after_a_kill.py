"""`kill -9` of writers and deliverers, at any instant: each answer has one record, ended or not."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import IO

import pytest
from pydantic import SecretStr

from tests.fakes.memory import memory_folder
from tests.fakes.speech_spool_child import UNDER_WAY
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.speech_audit import SqlSpeechAudit
from voxgate.serving.audit.chain import SpeechQuery
from voxgate.serving.audit.delivery import deliver
from voxgate.serving.audit.record import Outcome
from voxgate.settings import Settings

ROOT = Path(__file__).resolve().parents[4]
KILLS = 6
STEP = 1_000_000
"""Each writer numbers its records from another multiple."""


def _start(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.fakes.speech_spool_child", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process ended by itself"
    return line


def _killed(process: subprocess.Popen[str]) -> list[int]:
    """Kill a process; returns the whole lines that it had printed since the first."""
    process.kill()
    output: IO[str] | None = process.stdout
    assert output is not None
    *lines, _half = output.read().split("\n")
    output.close()
    assert process.wait() == -9
    return [int(line) for line in lines]


@pytest.mark.slow
def test_every_record_that_was_acknowledged_is_in_the_audit_once() -> None:
    random = Random(13)
    with memory_folder() as folder:
        spool, url = folder / "spool", f"sqlite:///{folder}/ledger.db"
        audit = SqlSpeechAudit(open_database(Settings(ledger_url=SecretStr(url)), folder))
        spool.mkdir()
        acknowledged: list[int] = []
        for turn in range(KILLS):
            deliverer = _start("deliver", spool, url)
            _first_line(deliverer)  # before there is anything: writers are faster than it starts
            writers = [_start("write", spool, (2 * turn + n) * STEP) for n in (0, 1)]
            acknowledged += [int(_first_line(writer)) for writer in writers]
            time.sleep(random.uniform(0.0, 0.3))
            for process in random.sample([*writers, deliverer], 3):
                lines = _killed(process)
                if process is not deliverer:
                    acknowledged += lines
                time.sleep(random.uniform(0.0, 0.02))
        deliver(spool, audit)
        assert deliver(spool, audit).batches == 0
        assert audit.verify() is not None
        kept = audit.find(SpeechQuery(limit=10_000_000))
        dropped = sum(row.dropped for row in audit.rows())
    counts = Counter(int(entry.record.request_id.removeprefix("r-")) for entry in kept)
    assert max(counts.values()) == 1
    lost = set(acknowledged) - set(counts)
    assert lost == set()
    # Killed between the write and the word about it: at most one a writer.
    assert len(set(counts) - set(acknowledged)) <= 2 * KILLS
    assert dropped <= 2 * KILLS
    assert len(acknowledged) > 2 * KILLS * 5
    died = [entry for entry in kept if entry.record.outcome is Outcome.DIED]
    assert KILLS < len(died) <= 2 * KILLS * (UNDER_WAY + 1)
