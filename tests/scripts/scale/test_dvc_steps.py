from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.scale.dvc_steps import run_step


def test_a_step_is_measured_with_what_it_said(tmp_path: Path) -> None:
    program = "import os; x = b'1' * 60_000_000; print(os.getcwd())"
    step = run_step("look", [sys.executable, "-c", program], tmp_path)
    assert step.output.strip() == str(tmp_path)
    assert step.peak_mb > 60
    assert step.cpu_s > 0
    assert step.row(1000, "note").startswith("| 1,000 | look | ")


def test_a_step_that_fails_ends_the_measurement(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="look: exit status 3"):
        run_step("look", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
