"""A made-up candidate whose evidence has many rows, and MLflow that shows it.

python -m scripts.scale.mlflow_candidate make ROOT --rows 10000
python -m scripts.scale.mlflow_candidate show ROOT
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from tests.fakes.build_tree import SAMPLE_RATE_HZ, write_build_tree
from voxgate.adapters.mlflow.projection import project
from voxgate.adapters.mlflow.store import connect
from voxgate.files import read_json
from voxgate.release.ports.registry import Candidate
from voxgate.settings import load_settings
from voxgate.stage import Workspace

__all__ = ["make_candidate", "show_candidate"]

SEEDS = 2
SECONDS = 0.5


def make_candidate(root: Path, rows: int) -> None:
    """Write a build/ whose chosen checkpoint has `rows` samples of the gate, with audio."""
    folder = write_build_tree(root).stage_dir("evaluate")
    first = pd.read_parquet(folder / "scores.parquet").iloc[0].to_dict()
    samples = []
    for number in range(rows):
        prompt, seed = divmod(number, SEEDS)
        path = f"audio/p{prompt:06}-{seed}.flac"
        soundfile.write(folder / path, _noise(number), SAMPLE_RATE_HZ)
        named = {"prompt_id": f"p{prompt:06}", "seed_index": seed, "audio": path}
        samples.append({**first, **named, "word_errors": number % 7 == 0})
    pd.DataFrame(samples).to_parquet(folder / "scores.parquet")


def show_candidate(root: Path) -> str:
    """Show it in MLflow as `register` does; returns the seconds, and what lies there then."""
    workspace = Workspace(root)
    store = connect(load_settings(), root)
    candidate = Candidate(
        digest="d" * 64,
        model_name="voice-scale",
        workspace=workspace,
        data_version="0123456789abcdef0123456789abcdef.dir",
        checkpoints=read_json(workspace.stage_dir("evaluate") / "checkpoints.json"),
        params={"train": {"seed": 1}},
    )
    began_s = time.monotonic()
    project(store, candidate)
    took_s = time.monotonic() - began_s
    files = [path for path in workspace.mlflow_artifacts.rglob("*") if path.is_file()]
    page = max((p.stat().st_size for p in files if p.name == "listening_room.html"), default=0)
    total = sum(path.stat().st_size for path in files)
    return (
        f"after opening {took_s:.1f} s; {len(files):,} files of {total / 1e6:.0f} MB, "
        f"the page {page / 1e6:.1f} MB"
    )


def main() -> int:
    """Do one of the two."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=["make", "show"])
    options.add_argument("root", type=Path)
    options.add_argument("--rows", type=int, default=1_000)
    given = options.parse_args()
    if given.what == "make":
        make_candidate(given.root, given.rows)
    else:
        sys.stdout.write(f"{show_candidate(given.root)}\n")
    return 0


def _noise(number: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    generator = np.random.default_rng(number)
    samples = generator.normal(scale=0.02, size=int(SECONDS * SAMPLE_RATE_HZ))
    return samples.astype(np.float32)


if __name__ == "__main__":
    sys.exit(main())
