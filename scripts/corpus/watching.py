"""What a command takes: time by the clock, processor time, and the memory of all its processes."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.load.machine import Watch, descendants

__all__ = ["Took", "proportional_mb", "watch_command"]

_PERIOD_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Took:
    """`peak_mb`: most of the command and everything that it started, seen twice a second.

    A page that several of its processes share counts once.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    machine: str

    def as_json(self) -> dict[str, object]:
        """Return it as JSON values."""
        return asdict(self)


def watch_command(command: Sequence[str], log: Path) -> Took:
    """Run a command to its end; what it says goes to `log`.

    Raises:
        SystemExit: it failed; the end of what it said is told.
    """
    machine, began_s, before_s = Watch(), time.monotonic(), _children_cpu_s()
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        peak_mb = 0.0
        while process.poll() is None:
            peak_mb = max(peak_mb, proportional_mb(descendants(process.pid)))
            time.sleep(_PERIOD_S)
    if process.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}\n{tail}")
    return Took(
        wall_s=round(time.monotonic() - began_s, 1),
        cpu_s=round(_children_cpu_s() - before_s, 1),
        peak_mb=round(peak_mb, 1),
        machine=str(machine.read()),
    )


def proportional_mb(pids: Iterable[int]) -> float:
    """Return the memory of processes together, in MB; each has its part of a page that is shared.

    What ended meanwhile has none.
    """
    kilobytes = 0
    for pid in pids:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
