"""What campaigns of the example take on this machine, as a table for docs/benchmarks.md.

    python -m scripts.campaign.scale SITE WORK [--cells 1000 10000]

SITE is a checkout with a voice that is live and has limits (`voxgate campaign calibrate`); it is
copied into WORK for every size, so that each campaign speaks all of its sentences. Every figure is
of commands that a person would give.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.campaign.commands import VOXGATE
from scripts.campaign.people import write_hostile, write_people
from scripts.campaign.sites import copy_site, say, write_spec
from scripts.load.machine import describe


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command: what it answered, and what it took. `peak_mb` is of its own process."""

    answer: dict[str, object]
    wall_s: float
    cpu_s: float
    peak_mb: float


def main() -> int:
    """Measure every size and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("site", type=Path)
    options.add_argument("work", type=Path)
    options.add_argument("--cells", type=int, nargs="+", default=[1000, 100_000])
    options.add_argument("--hostile", type=int, default=10_000)
    given = options.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    say(describe())
    say("| cells | step | wall | CPU | peak of the command | |\n|---|---|---|---|---|---|")
    for count in given.cells:
        _measure(given.site, given.work / f"site-{count}", count)
    _hostile(given.site, given.work / "site-hostile", given.hostile)
    return 0


def _measure(site: Path, root: Path, count: int) -> None:
    copy_site(site, root)
    people = write_people(root / "people.csv", count)
    for name in ("first", "second"):
        _voxgate(root, "create", str(write_spec(root, name)))
        for step in (
            ("recipients", name, str(people)),
            ("plan", name),
            ("start", name),
            ("approve", name, "--reason", "a measurement"),
            ("report", name),
        ):
            took = _voxgate(root, *step)
            _print(f"{count:,}", f"{name}: {step[0]}", took)
        _print_sharing(name, Path(str(took.answer["folder"])))


def _print_sharing(name: str, folder: Path) -> None:
    """Say what the same cells had taken one by one, by the times that were measured here."""
    work = json.loads((folder / "report.json").read_text(encoding="utf-8"))["work"]
    taken_s = work["sentence_core_s"] + work["file_core_s"]
    ratio = work["unshared_core_s"] / taken_s if taken_s else float("inf")
    say(
        f"* {name}: {work['sentence_core_s']:.0f} s of a core for sentences, "
        f"{work['file_core_s']:.0f} s for files; one by one {work['unshared_core_s']:.0f} s, "
        f"{ratio:.1f} times as much"
    )


def _hostile(site: Path, root: Path, count: int) -> None:
    copy_site(site, root)
    _voxgate(root, "create", str(write_spec(root, "hostile")))
    took = _voxgate(root, "recipients", "hostile", str(write_hostile(root / "rows.csv", count)))
    _print(f"{count:,} hostile rows", "recipients", took)


def _voxgate(root: Path, *words: str) -> Step:
    before, began_s = _children_cpu_s(), time.monotonic()
    command = [VOXGATE, "campaign", *words, "--root", str(root), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    peak_mb = _watched(process)
    output = process.stdout.read()
    if process.wait() not in {0, 3}:
        raise SystemExit(f"{' '.join(words)}: exit status {process.returncode}")
    return Step(
        answer=_last_json(output.decode()),
        wall_s=time.monotonic() - began_s,
        cpu_s=_children_cpu_s() - before,
        peak_mb=peak_mb,
    )


def _watched(process: subprocess.Popen[bytes]) -> float:
    """Return the most that the command's own process had in memory, in MB, when it has ended."""
    peak = 0.0
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            lines = status.read_text(encoding="ascii").splitlines()
        except OSError:
            break
        found = [line for line in lines if line.startswith("VmHWM")]
        peak = max(peak, *(float(line.split()[1]) / 1e3 for line in found)) if found else peak
        time.sleep(0.2)
    return peak


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _last_json(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(text[text.index("{") :]) if "{" in text else {}
    return found


def _print(cells: str, name: str, took: Step) -> None:
    shown = {
        key: took.answer[key]
        for key in ("rows", "accepted", "rejected", "state", "cells", "sentences", "files", "found")
        if key in took.answer
    }
    say(
        f"| {cells} | {name} | {took.wall_s:.1f} s | {took.cpu_s:.1f} s | {took.peak_mb:.0f} MB | "
        f"{json.dumps(shown)} |"
    )


if __name__ == "__main__":
    sys.exit(main())
