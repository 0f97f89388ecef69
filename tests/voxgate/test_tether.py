from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from voxgate.tether import start_tethered, tethered

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(300)"]
# A program with a child of its own, which ignores SIGTERM.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    open(sys.argv[1], "w").write(f"{os.getpid()} {child}\\n")
time.sleep(300)
"""


def _gone(pids: list[int], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while any(_runs(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _pids(path: Path) -> list[int]:
    deadline = time.monotonic() + 20
    while not (path.is_file() and path.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(pid) for pid in path.read_text().split()]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_of_a_program_outlives_a_starter_that_is_killed(
    tmp_path: Path, how: signal.Signals
) -> None:
    code = (
        "import sys; from voxgate.tether import start_tethered\n"
        "start_tethered([sys.executable, '-c', *sys.argv[1:]], grace_s=0.4).wait()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, STUBBORN, str(tmp_path / "pids")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    pids = _pids(tmp_path / "pids")
    starter.send_signal(how)
    starter.wait()
    assert _gone(pids, within_s=8)


def test_the_exit_status_is_the_programs_own() -> None:
    assert start_tethered([sys.executable, "-c", "raise SystemExit(3)"]).wait() == 3
    killed = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    assert start_tethered(killed).wait() == 128 + 9


def test_leaving_the_context_ends_the_program() -> None:
    began = time.monotonic()
    with tethered(SLEEPER) as process:
        assert process.poll() is None
    assert process.returncode is not None
    assert time.monotonic() - began < 10


def test_a_program_inherits_what_is_kept_open_and_not_the_pipe() -> None:
    read, write = os.pipe()
    code = "import os, sys; print(sorted(os.listdir('/proc/self/fd'), key=int))"
    with tethered(
        [sys.executable, "-c", code], keep_open=(write,), stdout=subprocess.PIPE, text=True
    ) as process:
        listed, _ = process.communicate()
    os.close(read)
    os.close(write)
    # 0, 1, 2, the descriptor that was kept, and that of the listing itself
    assert len(eval(listed)) == 5
    assert str(write) in listed
