import subprocess
import sys
import time
from pathlib import Path

import pytest

from voxgate.errors import LockHeldError
from voxgate.lease import ENDING_S, checkout_lease
from voxgate.tether import GRACE_S

BRIEFLY_S = 0.3

HOLD = """
import sys, time
from pathlib import Path
from voxgate.lease import checkout_lease
with checkout_lease(Path(sys.argv[1]), purpose="first run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_told_who_holds_the_lease(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with (
        checkout_lease(path, purpose="first run"),
        pytest.raises(LockHeldError, match=r"held by first run \(pid \d+ on "),
        checkout_lease(path, purpose="second run", wait_s=BRIEFLY_S),
    ):
        pass


def test_the_lease_is_free_after_it_was_given_back(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    for _ in range(2):
        with checkout_lease(path, purpose="run"):
            pass


def test_a_killed_holder_frees_the_lease_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(LockHeldError, match="first run"),
            checkout_lease(path, purpose="second", wait_s=BRIEFLY_S),
        ):
            pass
        holder.kill()
        holder.wait(timeout=10)
    with checkout_lease(path, purpose="second"):
        pass


def test_a_child_that_outlives_the_holder_keeps_the_lease(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with checkout_lease(path, purpose="flow") as handle:
        child = subprocess.Popen(["sleep", "60"], pass_fds=(handle,))
    try:
        with (
            pytest.raises(LockHeldError),
            checkout_lease(path, purpose="second", wait_s=BRIEFLY_S),
        ):
            pass
    finally:
        child.kill()
        child.wait(timeout=10)
    with checkout_lease(path, purpose="second"):
        pass


def test_by_default_one_waits_for_the_stage_of_a_killed_run(tmp_path: Path) -> None:
    with checkout_lease(tmp_path / "run.lock", purpose="flow") as handle:
        begun = time.monotonic()
        child = subprocess.Popen(["sleep", "1"], pass_fds=(handle,))
    with checkout_lease(tmp_path / "run.lock", purpose="second"):
        assert time.monotonic() - begun > 0.9
    child.wait(timeout=10)
    assert ENDING_S > GRACE_S
