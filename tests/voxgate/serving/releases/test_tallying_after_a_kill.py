"""`kill -9` of a process that counts: what it had kept stays, and is added once."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr

from tests.fakes.memory import memory_folder
from tests.fakes.trial_tally_child import AT_A_TIME
from voxgate.release.trial_tally import Share
from voxgate.settings import Settings
from voxgate.wiring.trials import open_tallies

ROOT = Path(__file__).resolve().parents[4]
KILLS = 4


def _count_and_kill(url: str, after_s: float) -> int:
    """Return how many answers the process said that it had kept."""
    command = [sys.executable, "-m", "tests.fakes.trial_tally_child", url]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline(), "the process ended by itself"
    time.sleep(after_s)
    process.kill()
    *lines, _half = process.stdout.read().split("\n")
    process.stdout.close()
    assert process.wait() == -9
    return int(lines[-1]) if lines else AT_A_TIME


@pytest.mark.slow
def test_what_was_kept_outlives_kill_9_and_nothing_counts_twice() -> None:
    random = Random(5)
    with memory_folder() as folder:
        url = f"sqlite:///{folder}/ledger.db"
        tallies = open_tallies(Settings(ledger_url=SecretStr(url)), folder)
        said = 0
        for _ in range(KILLS):
            said += _count_and_kill(url, random.uniform(0.0, 0.4))
            counted = tallies.read(7).of(Share.LIVE).answers
            # One round may have been kept and not said any more, by each that was killed.
            assert said <= counted <= said + KILLS * AT_A_TIME
