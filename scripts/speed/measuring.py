"""Time several ways of doing one thing side by side, on a machine that others use too."""

from __future__ import annotations

import platform
import resource
import statistics
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

Timed = Callable[[], "Elapsed"]
Way = TypeVar("Way", bound=Hashable)


@dataclass(frozen=True)
class Elapsed:
    """Seconds by the clock, and of this process's processor time."""

    wall_s: float
    processor_s: float


def timed(action: Callable[[], object]) -> Elapsed:
    """Run once."""
    wall, processor = time.perf_counter(), time.process_time()
    action()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return Elapsed(time.perf_counter() - wall, time.process_time() - processor)


def interleaved(ways: Mapping[Way, Timed], *, rounds: int) -> dict[Way, list[Elapsed]]:
    """Run every way once a round, A B C A B C ...; the first round warms up and is not counted."""
    found: dict[Way, list[Elapsed]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            elapsed = way()
            if turn:
                found[name].append(elapsed)
    return found


def median(runs: list[Elapsed], what: str) -> float:
    """Return the median of `wall_s` or `processor_s`."""
    return statistics.median(getattr(run, what) for run in runs)


def speedup(base: list[Elapsed], runs: list[Elapsed], what: str) -> float:
    """Return the median over the rounds of base / run: above 1 is faster than the base."""
    pairs = zip(base, runs, strict=True)
    return statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs)


def peak_memory_mib() -> float:
    """Return the largest resident size of this process so far (of the accelerator, if used)."""
    if torch.cuda.is_available() and torch.cuda.max_memory_allocated():
        return torch.cuda.max_memory_allocated() / 2**20
    # not getrusage: a child's figure there begins with that of its parent
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def resident_mib() -> float:
    """Return the resident size of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def machine(device: str, threads: int) -> str:
    """Describe what the numbers were measured on."""
    if device == "cuda":
        return f"{torch.cuda.get_device_name()}, torch {torch.__version__}"
    return f"{_processor()}, {threads} threads, torch {torch.__version__}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
