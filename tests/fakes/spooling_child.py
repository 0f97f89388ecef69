"""Spools one recording and says so when it has begun; a test kills it then.

`python -m tests.fakes.spooling_child SOURCE FOLDER`
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from voxgate.audio.spool import spool_recording


def main() -> None:
    def told(seconds: float) -> None:
        if seconds > 0:
            sys.stdout.write("begun\n")
            sys.stdout.flush()
            time.sleep(60)

    source, folder = map(Path, sys.argv[1:])
    spool_recording(source, folder, min_sample_rate_hz=16_000, told=told)


if __name__ == "__main__":
    main()
