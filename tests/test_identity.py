"""What a stage leaves follows from its inputs: no clock, host, person, folder or order is in it."""

from __future__ import annotations

import getpass
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from voxgate.files import digest_file
from voxgate.release.records import Recipe
from voxgate.voice.card import card_digest

ROOT = Path(__file__).parents[1]
CHILD = ROOT / "tests" / "fakes" / "stages_child.py"
STAMP = re.compile(rb"20\d\d-?[01]\d-?[0-3]\d[T _]?[0-2]\d:?[0-5]\d")
RECIPE = Recipe(voice="a" * 64, measurement="b" * 64)


def run_stages(root: Path, **environment: str) -> Path:
    root.mkdir(parents=True)
    subprocess.run(
        [sys.executable, str(CHILD), str(root)],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )
    return root


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one") / "checkout-of-somebody"
    return run_stages(folder, TZ="UTC", PYTHONHASHSEED="1")


def hashed_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file that dvc.yaml names as an output, of whatever kind."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for stage, body in stages.items():
        for kind in ("outs", "metrics", "plots"):
            for out in body.get(kind, ()):
                (name,) = out if isinstance(out, dict) else (out,)
                path = root / stage / name
                files = (
                    [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
                )
                assert files, f"{stage} left no {name}"
                yield from ((f"{p.relative_to(root)}", p) for p in files)


def candidate_digest(root: Path) -> str:
    packages = root / "train" / "build" / "train" / "checkpoints"
    return RECIPE.candidate_digest(card_digest(max(packages.iterdir())))


@pytest.mark.slow
def test_another_folder_clock_and_hash_seed_leave_the_same_bytes(
    here: Path, tmp_path: Path
) -> None:
    there = run_stages(
        tmp_path / "elsewhere" / "a checkout",
        TZ="Pacific/Kiritimati",
        PYTHONHASHSEED="2",
        OMP_NUM_THREADS="1",
    )
    first, second = dict(hashed_files(here)), dict(hashed_files(there))
    assert first.keys() == second.keys()
    assert [n for n in first if digest_file(first[n]) != digest_file(second[n])] == []
    assert candidate_digest(here) == candidate_digest(there)


@pytest.mark.slow
def test_no_output_holds_a_time_a_host_a_person_or_a_folder(here: Path) -> None:
    secrets = [str(here), str(ROOT), socket.gethostname()]
    if len(getpass.getuser()) > len("root"):
        secrets.append(getpass.getuser())
    found = []
    for name, path in hashed_files(here):
        data = path.read_bytes()
        found += [(name, word) for word in secrets if word.encode() in data]
        if path.suffix in {".json", ".csv", ".md", ".txt", ".html"}:
            found += [(name, stamp) for stamp in STAMP.findall(data)]
    assert found == []
