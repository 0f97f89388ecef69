from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.training_places import TrainingPlace
from flows.training_slot import take_training_slot
from voxgate.adapters.sql import leases as module
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.errors import LockHeldError
from voxgate.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from flows.training_places import TrainingPlace
from flows.training_slot import take_training_slot
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.settings import Settings
leases = LeaseTable(open_database(Settings(), Path(sys.argv[1])))
places = [TrainingPlace(host="anna", device="cpu")]
with take_training_slot(leases, places=places, purpose="training in /elsewhere"):
    print("held", flush=True)
    time.sleep(120)
"""

PLACES = [TrainingPlace(host="anna", device="cpu")]


@pytest.fixture
def leases(tmp_path: Path) -> LeaseTable:
    return LeaseTable(open_database(Settings(), tmp_path))


@contextmanager
def _held_by_another(root: Path) -> Iterator[subprocess.Popen[str]]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


def test_who_waits_says_for_whom_once_and_gives_up_in_the_end(
    leases: LeaseTable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    with (
        _held_by_another(tmp_path) as holder,
        pytest.raises(LockHeldError, match=r"training:anna:cpu is held by training in /elsewhere"),
        take_training_slot(
            leases,
            places=PLACES,
            purpose="mine",
            longest_s=60,
            clock=lambda: passed[0],
            sleep=sleep,
        ),
    ):
        pass
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "waiting for training:anna:cpu: held by training in /elsewhere" in told[0]
    assert f"pid {holder.pid}" in told[0]


def test_a_killed_holder_frees_its_slot_within_its_time_to_live(
    leases: LeaseTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _held_by_another(tmp_path) as holder:
        holder.kill()
        holder.wait(timeout=10)
        waited: list[float] = []

        def let_time_pass(seconds: float) -> None:
            waited.append(seconds)
            now = module.database_time
            monkeypatch.setattr(module, "database_time", lambda c: now(c) + seconds)

        with take_training_slot(leases, places=PLACES, purpose="mine", sleep=let_time_pass):
            assert 0 < sum(waited) <= module.TTL_S + 3


def test_each_device_takes_one_training_and_who_comes_first_the_first(leases: LeaseTable) -> None:
    gpus = [TrainingPlace(host="anna", device=f"cuda:{n}", visible=str(n)) for n in (0, 1)]
    with (
        take_training_slot(leases, places=gpus, purpose="one") as one,
        take_training_slot(leases, places=gpus, purpose="two") as two,
    ):
        assert [one, two] == gpus
        with (
            pytest.raises(LockHeldError, match="cuda:1 is held by two"),
            take_training_slot(leases, places=gpus, purpose="three", longest_s=0),
        ):
            pass


def test_a_training_on_another_host_or_device_waits_for_nobody(leases: LeaseTable) -> None:
    other_host = [TrainingPlace(host="ben", device="cpu")]
    other_device = [TrainingPlace(host="anna", device="cuda:0", visible="0")]
    with (
        take_training_slot(leases, places=PLACES, purpose="one"),
        take_training_slot(leases, places=other_host, purpose="two", longest_s=0),
        take_training_slot(leases, places=other_device, purpose="three", longest_s=0),
    ):
        pass
