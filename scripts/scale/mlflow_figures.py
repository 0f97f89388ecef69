"""What it takes to show a candidate in MLflow whose evidence has many rows, as a Markdown table.

    python -m scripts.scale.mlflow_figures WORK [--rows 1000 10000]

Everything about the candidate is made up but for the number of rows and their audio: one sample of
half a second a row, in FLAC. Database and artifacts lie in WORK, unless
VOXGATE_MLFLOW_TRACKING_URI names a server.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.scale.dvc_steps import HEADER, run_step


def main() -> int:
    """Measure every number of rows and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("work", type=Path)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000])
    given = options.parse_args()
    sys.stdout.write(f"{HEADER}\n")
    for rows in given.rows:
        root = given.work.resolve() / f"candidate-{rows}"
        program = [sys.executable, "-m", "scripts.scale.mlflow_candidate"]
        here = Path(__file__).resolve().parents[2]
        run_step("make", [*program, "make", str(root), "--rows", str(rows)], here)
        step = run_step("show the candidate", [*program, "show", str(root)], here)
        sys.stdout.write(f"{step.row(rows, step.output.strip())}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
