import os
import signal
import time
from pathlib import Path

import pytest

from voxgate.errors import (
    ConfigError,
    RankLostError,
    TrainingError,
    TrainingMemoryError,
    VoxgateError,
    WeightsError,
)
from voxgate.module_process import tell_error
from voxgate.training.fit.rank_processes import RankFailure, fault_of, run_ranks

ROOT = Path(__file__).parents[4]


def failed(rank: int, status: int = 1, error: VoxgateError | None = None) -> RankFailure:
    return RankFailure(rank, status, None if error is None else tell_error(error))


def test_a_told_error_is_raised_as_it_was_and_names_its_rank():
    lost = failed(0, error=RankLostError("rank 0 of 3: another process ended"))
    fault = fault_of(
        [lost, failed(1, -signal.SIGTERM), failed(2, error=TrainingMemoryError("too long"))], 3
    )

    assert type(fault) is TrainingMemoryError
    assert str(fault) == "rank 2 of 3: too long"


def test_the_first_that_could_not_say_anything_is_named_before_those_that_miss_it():
    lost = failed(0, error=RankLostError("rank 0 of 3: another process ended"))
    fault = fault_of([lost, failed(2, -signal.SIGKILL), failed(1, -signal.SIGTERM)], 3)

    assert type(fault) is RankLostError
    assert str(fault).startswith("rank 2 of 3 ended by SIGKILL without saying why")
    assert "go on from the last resume point" in str(fault)


def test_an_exit_status_is_said_where_there_was_no_signal():
    assert "rank 0 of 2 ended by exit status 3" in str(fault_of([failed(0, 3)], 2))


def test_ranks_that_only_miss_each_other_say_so():
    lost = RankLostError("rank 1 of 2: another process ended")

    assert str(fault_of([failed(1, error=lost)], 2)) == str(lost)


def test_faults_of_a_file_stay_a_list():
    fault = fault_of([failed(1, error=ConfigError("params.yaml", ["a", "b"]))], 2)

    assert isinstance(fault, ConfigError)
    assert fault.faults == ("a", "b")


PROGRAM = """
import os, sys, time
from pathlib import Path
from voxgate.errors import WeightsError
from voxgate.training.fit.rank_ties import tied_to_stage

folder, what = Path(sys.argv[1]), sys.argv[2]
rank = int(os.environ["RANK"])
with tied_to_stage():
    (folder / f"rank-{rank}").write_text(f"{os.getpid()} {os.getppid()} {os.environ['WORLD_SIZE']}")
    if what == "wait":
        time.sleep(120)
    if rank == 1 and what == "tell":
        raise WeightsError("the base is absent")
    if rank == 1 and what == "die":
        os.kill(os.getpid(), 9)
    if what in ("tell", "die"):
        time.sleep(120)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)

    def run(what: str) -> None:
        run_ranks([str(script), str(tmp_path), what], processes=2)

    return run


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def ranks(folder: Path) -> list[list[int]]:
    return [[int(word) for word in p.read_text().split()] for p in sorted(folder.glob("rank-*"))]


def none_is_left(folder: Path) -> bool:
    found = ranks(folder)
    assert len(found) == 2
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid, *_ in found) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(alive(pid) for pid, *_ in found)


@pytest.mark.slow
def test_all_ranks_know_how_many_they_are_and_come_to_their_end(run, tmp_path):
    run("end")

    assert [size for *_, size in ranks(tmp_path)] == [2, 2]
    assert none_is_left(tmp_path)


@pytest.mark.slow
def test_what_a_rank_tells_ends_the_others_and_is_raised(run, tmp_path):
    with pytest.raises(WeightsError, match="rank 1 of 2: the base is absent"):
        run("tell")

    assert none_is_left(tmp_path)


@pytest.mark.slow
def test_a_rank_that_is_killed_is_named_and_ends_the_others(run, tmp_path):
    with pytest.raises(RankLostError, match="rank 1 of 2 ended by SIGKILL"):
        run("die")

    assert none_is_left(tmp_path)


@pytest.mark.slow
def test_when_torchrun_is_killed_no_rank_is_left(run, tmp_path, monkeypatch):
    import threading

    def kill_torchrun() -> None:
        while len(list(tmp_path.glob("rank-*"))) < 2 or len(ranks(tmp_path)[-1]) < 3:
            time.sleep(0.05)
        os.kill(ranks(tmp_path)[0][1], signal.SIGKILL)

    threading.Thread(target=kill_torchrun, daemon=True).start()
    with pytest.raises(TrainingError, match=r"torchrun, which runs the 2 processes .*status 137"):
        run("wait")

    assert none_is_left(tmp_path)
