from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.campaign import kills
from scripts.campaign.kills import Reaper

_STARTS_ANOTHER = (
    "import subprocess, sys; other = subprocess.Popen([sys.executable, '-c', "
    "'import time; time.sleep(60)']); print(other.pid, flush=True); sys.exit(other.wait() != 0)"
)


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTS_ANOTHER], stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def started_by(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    return Path("/proc", process.stdout.readline().strip(), "stat")


def has_ended(stat: Path) -> bool:
    try:
        return stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize(
    ("already", "status", "counted"), [(0, -9, "start: all"), (1, 1, "start: one process")]
)
def test_a_command_is_killed_as_a_whole_or_in_one_part_by_turns(
    monkeypatch: pytest.MonkeyPatch,
    process: subprocess.Popen[str],
    already: int,
    status: int,
    counted: str,
) -> None:
    monkeypatch.setattr(kills, "_LONGEST_S", 0.1)
    other = started_by(process)
    reaper = Reaper(wanted=already + 1, draw=random.Random(1))
    reaper.kills["plan: all"] += already
    reaper.watch(process, "start")
    assert process.wait(10) == status
    end_s = time.monotonic() + 10.0
    while not has_ended(other):
        assert time.monotonic() < end_s, "what the command had started lives on"
        time.sleep(0.01)
    assert reaper.kills[counted] == 1


def test_nothing_is_killed_once_there_were_enough() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.2)"], text=True)
    reaper = Reaper(wanted=0, draw=random.Random(1))
    reaper.watch(process, "start")
    assert (process.returncode, reaper.kills.total()) == (0, 0)
