from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMAND = """
import signal, sys, time
import typer
from flows.cli.interruption import run_interruptibly
# As in a terminal; whoever was started in the background is deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
app = typer.Typer()
@app.command()
def wait():
    try:
        print("works", flush=True)
        time.sleep(60)
    finally:
        print("gave back", flush=True)
run_interruptibly(app)
"""


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_signal_unwinds_the_command_and_prints_one_line(
    number: signal.Signals, status: int, said: str
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "works\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert out == "gave back\n"
    assert err.splitlines() == [f"voxgate: {said}; give the same command again to go on"]
    assert process.returncode == status
