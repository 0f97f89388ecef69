"""A campaign of the example under SIGKILL: is what it hands over what it hands over undisturbed?

    python -m scripts.campaign.kills SITE WORK [--kills 50] [--cells 300] [--seed N]

SITE is a checkout as for `scripts.campaign.scale`. Two copies of it make the same campaign with the
commands that a person would give. In one each command is killed at a random instant, with all that
it started or, every other time, only one of its processes, until there were enough kills; whoever
looks then gives the command that the state of the campaign asks for.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.campaign.commands import VOXGATE, campaign_state
from scripts.campaign.people import write_people
from scripts.campaign.sites import copy_site, say, write_spec
from scripts.load.machine import descendants, describe
from voxgate.files import digest_file

_CAMPAIGN = "killed"
_BECAUSE = ("--reason", "a measurement")
_LONGEST_S = 25.0
"""A command is killed so long after its start at most: a claim of 32 sentences takes longer."""


@dataclass(kw_only=True)
class Reaper:
    """Kills commands until there were `wanted` kills."""

    wanted: int
    draw: random.Random
    kills: Counter[str] = field(default_factory=Counter)

    def watch(self, process: subprocess.Popen[str], command: str) -> None:
        """Wait for the end of a command, or bring it about."""
        while self.kills.total() < self.wanted:
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.draw.uniform(0.0, _LONGEST_S))
                return
            own, *below = descendants(process.pid)
            if below and self.kills.total() % 2:
                _kill([self.draw.choice(below)])
                self.kills[f"{command}: one process"] += 1
            else:
                _kill([own, *below])
                self.kills[f"{command}: all"] += 1
        process.wait()


def main() -> int:
    """Make both, compare them, and print what was found; returns 1 where they differ."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("site", type=Path)
    options.add_argument("work", type=Path)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--cells", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    say(describe())
    reaper = Reaper(wanted=given.kills, draw=random.Random(given.seed))  # noqa: S311  # told
    digests = set()
    for name, killer in (("undisturbed", Reaper(wanted=0, draw=reaper.draw)), ("killed", reaper)):
        root = copy_site(given.site, given.work / name)
        began_s = time.monotonic()
        output = _make(root, given.cells, killer.watch)
        digests.add(output["digest"])
        say(f"* {name}: {time.monotonic() - began_s:.0f} s, digest {output['digest']}")
        say(f"  * {_look(root, Path(output['folder']))}")
    say(f"* kills (seed {given.seed}): {json.dumps(reaper.kills)}, {reaper.kills.total()} in all")
    say("* the digests are equal" if len(digests) == 1 else "* THE DIGESTS DIFFER")
    return 0 if len(digests) == 1 else 1


def _make(
    root: Path, cells: int, watch: Callable[[subprocess.Popen[str], str], None]
) -> dict[str, Any]:
    """Give commands until the campaign has an output; returns what `report` answered."""
    people = write_people(root / "people.csv", cells)
    spec = write_spec(root, _CAMPAIGN)
    uploaded = False
    while True:
        state = campaign_state(_CAMPAIGN, root)
        words = {
            None: ("create", str(spec)),
            "draft": ("plan", _CAMPAIGN) if uploaded else ("recipients", _CAMPAIGN, str(people)),
            "planned": ("start", _CAMPAIGN),
            "proofing": ("resume", _CAMPAIGN, *_BECAUSE),
            "proofed": ("approve", _CAMPAIGN, *_BECAUSE),
            "running": ("resume", _CAMPAIGN, *_BECAUSE),
            "finished": ("report", _CAMPAIGN),
        }.get(state)
        if words is None:
            raise SystemExit(f"{root}: the campaign is {state}; `voxgate campaign status` says why")
        with subprocess.Popen(
            [VOXGATE, "campaign", *words, "--root", str(root), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            watch(process, words[0])
            assert process.stdout is not None
            answer = process.stdout.read()
        if process.returncode == 0 and words[0] == "recipients":
            uploaded = True
        if process.returncode == 0 and words[0] == "report":
            found: dict[str, Any] = json.loads(answer[answer.index("{") :])
            return found


def _look(root: Path, folder: Path) -> str:
    """Say what the table has, and whether each file that it names lies there as it says."""
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    states = Counter(row["status"] for row in rows)
    twice = len(rows) - len({(row["recipient_id"], row["template_id"]) for row in rows})
    files = {row["sha256"] for row in rows if row["sha256"]}
    there = {
        digest_file(path)
        for path in (root / ".voxgate").rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    return (
        f"{len(rows)} cells {json.dumps(states)}, {twice} of them twice; {len(files)} files, "
        f"{len(files - there)} of them missing or other than the table says"
    )


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
