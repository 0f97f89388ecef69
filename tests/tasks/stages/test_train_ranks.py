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

from tasks.stages.train import train
from tests.fakes.tiny_preset import install_tiny_preset, without_dropout
from tests.fakes.training_set import write_training_set
from voxgate.stage import read_outcome
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GLOO_SOCKET_IFNAME": "lo",
        "OMP_NUM_THREADS": "1",
        **more,
    }


def history(workspace) -> list[dict[str, str]]:
    with (workspace.stage_dir("train") / "history.csv").open() as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
def test_two_processes_train_like_one(tmp_path):
    alone, params = write_training_set(tmp_path / "alone", **OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        install_tiny_preset(patch)
        without_dropout(patch)
        train(alone, params)
    shared, _ = write_training_set(tmp_path / "shared", **OPTIONS)
    command = [
        sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2",
        "--master-addr", "127.0.0.1", "--master-port", str(free_port()), SCRIPT, str(shared.root),
    ]  # fmt: skip
    ended = subprocess.run(
        command, env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr[-3000:]
    assert read_outcome(shared.stage_dir("train")).accepted
    assert list(shared.work_dir.glob("*")) == []
    wanted, found = history(alone), history(shared)
    assert len(wanted) == len(found) == 12
    for one, other in zip(wanted, found, strict=True):
        for name, value in one.items():
            if name in ("model", "split") or value == "":
                assert other[name] == value
            else:
                assert float(other[name]) == pytest.approx(float(value), rel=1e-4), (one, other)


def start_rank(rank: int, port: int, root: Path) -> subprocess.Popen:
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    return subprocess.Popen(
        [sys.executable, SCRIPT, str(root)],
        env=environment(RANK=str(rank), **where),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_pair(root: Path) -> list[subprocess.Popen]:
    port = free_port()
    return [start_rank(rank, port, root) for rank in range(2)]


def end(processes: list[subprocess.Popen]) -> list[str]:
    """Wait for the processes and return what they said; none is left behind."""
    try:
        return [process.communicate(timeout=120)[1] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_lost_process_ends_the_run_and_says_so_and_the_next_run_ends_like_a_whole_one(tmp_path):
    long = OPTIONS | {"synthesizer": {"steps": 80, "batch_size": 4, "validate_every": 80}}
    whole, _ = write_training_set(tmp_path / "whole", **long)
    lost, _ = write_training_set(tmp_path / "lost", **long)
    pair = start_pair(lost.root)
    deadline = time.monotonic() + 120
    while not list(lost.work_dir.glob("train-*/s2/points/0*")):
        assert pair[0].poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    pair[1].send_signal(signal.SIGKILL)
    said = end(pair)[0]

    assert pair[0].returncode == 1
    assert "rank 0 of 2: another process of this training ended" in said
    assert "go on from the last resume point" in said
    assert not lost.stage_dir("train").exists()
    for workspace in (lost, whole):
        pair = start_pair(workspace.root)
        said = end(pair)
        assert [process.returncode for process in pair] == [0, 0], said
    trained = [folder_contents(each.stage_dir("train")) for each in (lost, whole)]
    for contents in trained:
        del contents["timings.json"]
    assert trained[0] == trained[1]
