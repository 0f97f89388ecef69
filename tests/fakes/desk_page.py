"""A command that holds a page open, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class HeldPage:
    """A running command, what it said first, and the address of its page."""

    process: subprocess.Popen[str]
    greeting: str
    url: str

    @property
    def origin(self) -> str:
        """What a browser says of who sends a form."""
        return self.url.rsplit("/", 2)[0]


@contextmanager
def hold(*words: object) -> Iterator[HeldPage]:
    """Run `voxgate WORDS` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from flows.cli.app import main; main()", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        greeting = process.stdout.readline().rstrip("\n")
        yield HeldPage(process, greeting, process.stdout.readline().split()[0])
    finally:
        process.kill()
        process.communicate()
