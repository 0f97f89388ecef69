from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scripts.corpus import watching
from scripts.corpus.watching import proportional_mb, watch_command

_STARTS_ANOTHER = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', "
    "'import time; held = bytearray(b\"x\" * 120_000_000); time.sleep(0.6)'], check=True); "
    "print('done')"
)


def test_the_memory_of_what_a_command_starts_is_the_commands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(watching, "_PERIOD_S", 0.05)
    took = watch_command([sys.executable, "-c", _STARTS_ANOTHER], tmp_path / "log")
    assert 120 < took.peak_mb < 300
    assert took.wall_s >= 0.6
    assert (tmp_path / "log").read_text() == "done\n"
    assert took.as_json()["machine"]


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"exit status 3\nno luck"):
        watch_command(
            [sys.executable, "-c", "import sys; print('no luck'); sys.exit(3)"], tmp_path / "log"
        )


def test_a_process_that_is_gone_has_no_memory() -> None:
    assert proportional_mb([2**22 + 1]) == 0
    assert proportional_mb([os.getpid()]) > 1
