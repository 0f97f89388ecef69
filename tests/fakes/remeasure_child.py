"""A process that measures what is stale, slowly, until it is done or killed.

    python -m tests.fakes.remeasure_child FOLDER

It prints a line before each sample that it speaks.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tasks.speakers.remeasure import measure_stale
from tests.tasks.speakers.test_measure import Parrot
from tests.tasks.speakers.test_remeasure import Bay, sql_register
from voxgate.types import Speech


class SlowParrot(Parrot):
    """Takes its time, and says what it is at."""

    def speak(self, text: str, *, seed: int, **options: object) -> Speech:
        sys.stdout.write(f"{seed}\n")
        sys.stdout.flush()
        time.sleep(0.02)
        return super().speak(text, seed=seed, **options)  # type: ignore[arg-type]


if __name__ == "__main__":
    bay = Bay(Path(sys.argv[1]), sql_register(Path(sys.argv[1])))
    bay.voice = SlowParrot()
    measure_stale(bay.bench())
