"""One command in a process of its own: what it took, as a row of a table."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HEADER", "Step", "run_step"]

HEADER = "| N | step | wall s | CPU s | peak MB | |\n|---|---|---|---|---|---|"


@dataclass(frozen=True, kw_only=True)
class Step:
    """`cpu_s` and `peak_mb` are of the command and of what it started and waited for."""

    name: str
    output: str
    wall_s: float
    cpu_s: float
    peak_mb: float

    def row(self, count: int, note: str = "") -> str:
        """Return the step as a row of a Markdown table."""
        return (
            f"| {count:,} | {self.name} | {self.wall_s:.1f} | {self.cpu_s:.1f} "
            f"| {self.peak_mb:.0f} | {note} |"
        )


def run_step(
    name: str,
    command: Sequence[str],
    folder: Path,
    *,
    settings: Mapping[str, str] | None = None,
    accepted: frozenset[int] = frozenset({0}),
) -> Step:
    """Run a command in a folder and measure it.

    The peak begins with that of this process, which therefore imports little.

    Raises:
        SystemExit: it failed.
    """
    environment = {
        **os.environ,
        "DVC_NO_ANALYTICS": "1",
        "OMP_NUM_THREADS": "1",
        **(settings or {}),
    }
    began_s = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        sys.stderr.write(output)
        raise SystemExit(f"{name}: exit status {process.returncode}")
    return Step(
        name=name,
        output=output,
        wall_s=time.monotonic() - began_s,
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / 1e3,
    )
