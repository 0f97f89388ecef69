"""What the machine did meanwhile: load, stolen time, and the processes of a server (Linux)."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Watch", "descendants", "describe", "open_files", "processor_s", "resident_bytes"]

_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_STEAL, _IDLE, _WAITS = 7, 3, 4


class Watch:
    """Load average and stolen processor time, from its making on."""

    def __init__(self) -> None:
        self._begun = _processor_ticks()

    def read(self) -> Observed:
        """Return what was seen until now."""
        spent = [now - then for now, then in zip(_processor_ticks(), self._begun, strict=True)]
        total = sum(spent) or 1
        return Observed(
            load_average=os.getloadavg()[0],
            steal=spent[_STEAL] / total,
            busy=1 - (spent[_IDLE] + spent[_WAITS]) / total,
        )


@dataclass(frozen=True, kw_only=True)
class Observed:
    """`load_average` of the last minute; `steal` and `busy` are shares of all processor time."""

    load_average: float
    steal: float
    busy: float

    def __str__(self) -> str:
        return f"load average {self.load_average:.1f}, busy {self.busy:.0%}, steal {self.steal:.1%}"


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes below one, itself first."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def command(pid: int) -> str:
    """Return the command line of a process; empty if it is gone."""
    with suppress(OSError):
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def niceness(pid: int) -> int:
    """Return how much a process gives way to others.

    Raises:
        ProcessLookupError: it is gone.
    """
    return os.getpriority(os.PRIO_PROCESS, pid)


def resident_bytes(pids: Iterable[int]) -> int:
    """Return the resident memory of processes together; shared pages count in each."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            pages = (_PROC / str(pid) / "statm").read_text(encoding="ascii").split()[1]
            total += int(pages) * _PAGE_BYTES
    return total


def processor_s(pids: Iterable[int]) -> float:
    """Return the processor seconds that processes have spent together."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            ticks += sum(map(int, _stat(pid)[11:13]))  # utime and stime, of proc(5)
    return ticks / _TICKS_A_SECOND


def open_files(pid: int) -> int:
    """Return how many descriptors a process holds."""
    return len(list((_PROC / str(pid) / "fd").iterdir()))


def describe() -> str:
    """Name the machine."""
    model = platform.processor() or platform.machine()
    for line in (_PROC / "cpuinfo").read_text(encoding="ascii").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {model}, Python {platform.python_version()}"


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):
            yield int(folder.name), int(_stat(int(folder.name))[1])


def _stat(pid: int) -> list[str]:
    """Return the fields of proc(5) after the name, which may hold spaces and brackets."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _processor_ticks() -> list[int]:
    first = (_PROC / "stat").read_text(encoding="ascii").splitlines()[0]
    return [int(part) for part in first.split()[1:9]]
