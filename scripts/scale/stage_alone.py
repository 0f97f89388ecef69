"""One stage in a process of its own: `python -m scripts.scale.stage_alone STAGE ROOT`."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.scale.stages import as_line, run_alone

if __name__ == "__main__":  # workers import the main module again
    sys.stdout.write(f"{as_line(run_alone(sys.argv[1], Path(sys.argv[2])))}\n")
