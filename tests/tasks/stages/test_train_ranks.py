"""Training in several processes: the same run as in one, and a clear end when one is lost."""

import csv
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.fault_report import read_fault
from tasks.stages.train import train
from tests.fakes.tiny_preset import install_tiny_preset, without_dropout
from tests.fakes.training_set import write_training_set
from voxgate.errors import TrainingError
from voxgate.stage import Workspace, read_outcome
from voxgate.training.fit.work_folder import folder_contents

ROOT = Path(__file__).parents[3]
SCRIPT = str(ROOT / "tests" / "fakes" / "train_tiny.py")
OPTIONS = {
    "preset": "tiny-flow",
    "tokens": (22, 23),  # clips of one length: see docs/training.md on padding
    "checkpoints": 1,
    "synthesizer": {"steps": 3, "batch_size": 4, "validate_every": 1, "accumulation": 2},
    "text_to_semantic": {"steps": 3, "batch_size": 5, "validate_every": 1},
}
IN_TWO = OPTIONS | {"processes": 2}
LONG = IN_TWO | {"synthesizer": {"steps": 24, "batch_size": 4, "validate_every": 24}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}


def history(workspace: Workspace) -> list[dict[str, str]]:
    with (workspace.stage_dir("train") / "history.csv").open() as stream:
        return list(csv.DictReader(stream))


def made(workspace: Workspace) -> dict[str, str]:
    """Return the digests of what the stage wrote, but for the seconds that it took."""
    contents = folder_contents(workspace.stage_dir("train"))
    del contents["timings.json"]
    return contents


def start_stage(root: Path, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, SCRIPT, "--root", str(root)],
        env=environment(**more),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(*processes: subprocess.Popen[str]) -> list[str]:
    """Wait for processes and return what they said; none is left behind."""
    try:
        return [process.communicate(timeout=240)[1] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def ranks(root: Path) -> dict[int, int]:
    """Return the process ids of the ranks that work on a checkout."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            names = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if str(root).encode() in words and SCRIPT.encode() in words:
            found |= {int(n[5:]): int(folder.name) for n in names if n.startswith(b"RANK=")}
    return found


def await_point(workspace: Workspace, stage: subprocess.Popen[str]) -> None:
    """Wait for a resume point that was not there, so that the ranks are at work."""
    before = points(workspace)
    deadline = time.monotonic() + 180
    while not points(workspace) - before:
        assert stage.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def points(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.work_dir.glob("train-*/s2/points/0*")}


def none_is_left(root: Path) -> bool:
    deadline = time.monotonic() + 5
    while ranks(root) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not ranks(root)


@pytest.mark.slow
def test_two_processes_train_like_one(tmp_path):
    alone, params = write_training_set(tmp_path / "alone", **OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        install_tiny_preset(patch)
        without_dropout(patch)
        train(alone, params)
    shared, _ = write_training_set(tmp_path / "shared", **IN_TWO)
    stage = start_stage(shared.root)
    (said,) = finish(stage)

    assert stage.returncode == 0, said[-3000:]
    assert read_outcome(shared.stage_dir("train")).accepted
    assert list(shared.work_dir.glob("*")) == []
    assert none_is_left(shared.root)
    # which is why their number is a parameter and not a setting
    differing = {
        name.split("/")[-1] for name, digest in made(alone).items() if made(shared)[name] != digest
    }
    assert differing & {"s1.safetensors", "s2.safetensors", "history.csv"}
    wanted, found = history(alone), history(shared)
    assert len(wanted) == len(found) == 12
    for one, other in zip(wanted, found, strict=True):
        for name, value in one.items():
            if name in ("model", "split") or value == "":
                assert other[name] == value
            else:
                assert float(other[name]) == pytest.approx(float(value), rel=1e-4), (one, other)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Workspace:
    """A run in two processes that nothing disturbed."""
    workspace, _ = write_training_set(tmp_path_factory.mktemp("whole"), **LONG)
    stage = start_stage(workspace.root)
    (said,) = finish(stage)
    assert stage.returncode == 0, said[-3000:]
    return workspace


@pytest.mark.slow
def test_a_killed_rank_is_named_a_killed_stage_leaves_none_and_the_last_run_ends_whole(
    tmp_path, whole
):
    """Each run is killed further on than the one before, and the last has what a whole one has."""
    lost, _ = write_training_set(tmp_path, **LONG)
    for rank in (0, 1):
        stage = start_stage(lost.root)
        await_point(lost, stage)
        os.kill(ranks(lost.root)[rank], signal.SIGKILL)
        (said,) = finish(stage)
        fault = read_fault(lost.root, "train")

        assert stage.returncode == 1
        assert f"train: RankLostError: rank {rank} of 2 ended by SIGKILL" in said
        assert (fault.error_type, fault.transient) == ("RankLostError", False)
        assert none_is_left(lost.root)
        assert not lost.stage_dir("train").exists()

    stage = start_stage(lost.root)
    await_point(lost, stage)
    assert sorted(ranks(lost.root)) == [0, 1]
    stage.kill()
    finish(stage)
    assert none_is_left(lost.root)
    assert not lost.stage_dir("train").exists()

    stage = start_stage(lost.root)
    (said,) = finish(stage)
    assert stage.returncode == 0, said[-3000:]
    assert made(lost) == made(whole)


@pytest.mark.slow
def test_an_error_that_a_rank_met_is_that_of_the_stage(tmp_path):
    workspace, _ = write_training_set(tmp_path, **IN_TWO)
    stage = start_stage(workspace.root, VOXGATE_DEVICE="cuda", CUDA_VISIBLE_DEVICES="")
    (said,) = finish(stage)

    assert stage.returncode == 1
    fault = read_fault(workspace.root, "train")
    assert fault.error_type == "TrainingError"
    assert "of 2: VOXGATE_DEVICE is cuda and this process needs GPU" in fault.message
    assert "TrainingError" in said


def start_by_hand(rank: int, port: int, root: Path) -> subprocess.Popen[str]:
    """Start one process of a training on several machines, as torchrun does on each."""
    where = {
        "RANK": str(rank),
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "GLOO_SOCKET_IFNAME": "lo",
    }
    return start_stage(root, **where)


@pytest.mark.slow
def test_a_lost_process_ends_the_run_and_says_so_and_the_next_run_ends_like_a_whole_one(
    tmp_path, whole
):
    """Processes that were started by hand, as on several machines: the bytes are the stage's."""
    lost, _ = write_training_set(tmp_path, **LONG)
    port = free_port()
    pair = [start_by_hand(rank, port, lost.root) for rank in range(2)]
    await_point(lost, pair[0])
    pair[1].send_signal(signal.SIGKILL)
    said = finish(*pair)[0]

    assert pair[0].returncode == 1
    assert "rank 0 of 2: another process of this training ended" in said
    assert "go on from the last resume point" in said
    assert not lost.stage_dir("train").exists()
    port = free_port()
    pair = [start_by_hand(rank, port, lost.root) for rank in range(2)]
    said = finish(*pair)
    assert [process.returncode for process in pair] == [0, 0], said
    assert made(lost) == made(whole)


def test_ranks_of_another_number_than_the_parameters_name_train_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "3")
    workspace, params = write_training_set(tmp_path, **IN_TWO)

    with pytest.raises(TrainingError, match=r"train\.processes .* is 2, but 3 were started"):
        train(workspace, params)

    assert not workspace.stage_dir("train").exists()
