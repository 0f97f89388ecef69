import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voxgate.errors import TrainingMemoryError, VoxgateError
from voxgate.module_process import told_error
from voxgate.training.fit.rank_ties import (
    ENDS_WITH_INPUT,
    TOLD,
    started_as_rank,
    tied_to_stage,
)

ROOT = Path(__file__).parents[4]
BUSY = (
    "import time\n"
    "from voxgate.training.fit.rank_ties import tied_to_stage\n"
    "with tied_to_stage():\n"
    "    print('tied', flush=True)\n"
    "    time.sleep(60 if {forever} else 0.5)\n"
)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    for name in (ENDS_WITH_INPUT, "TORCHELASTIC_ERROR_FILE", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)


def start(*, forever: bool, **environment: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY.format(forever=forever)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"tied\n"
    return process


def test_a_rank_ends_at_once_when_the_other_end_of_its_input_closes():
    process = start(forever=True, **{ENDS_WITH_INPUT: "1"})
    assert process.poll() is None
    began = time.monotonic()
    process.communicate(timeout=20)

    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 5


def test_a_rank_that_was_started_by_hand_does_not_read_its_input():
    process = start(forever=False)
    process.communicate(timeout=20)

    assert process.returncode == 0


def test_an_error_lies_where_torchrun_finds_it_and_goes_on(monkeypatch, tmp_path):
    path = tmp_path / "error.json"
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(path))

    with pytest.raises(TrainingMemoryError), tied_to_stage():
        raise TrainingMemoryError("one clip is too long")

    written = json.loads(path.read_text())
    assert written["message"] == "TrainingMemoryError: one clip is too long"
    assert written["timestamp"] > 0
    assert isinstance(told_error(written[TOLD]), TrainingMemoryError)


def test_a_fault_of_the_program_is_not_told(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(tmp_path / "error.json"))

    with pytest.raises(ZeroDivisionError), tied_to_stage():
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


def test_without_torchrun_an_error_only_goes_on():
    with pytest.raises(VoxgateError), tied_to_stage():
        raise VoxgateError("x")


def test_a_rank_is_what_torchrun_gave_a_world(monkeypatch):
    assert not started_as_rank()
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert started_as_rank()
