"""One real run, shared by every test of the whole: real recordings, real weights, all components.

It is small (a minute of speech, seconds of training, two dozen prompts), not fake: the same
commands that a user types, in a checkout of its own.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    # One thread, as everywhere in tests: two of each of two workers would wait for each other.
    "train": {"checkpoints": 2, "resume_every": 10, "threads": 1},
    "evaluate": {"gate_seeds": 1},
    "gate": {"min_prompts": 20},
}
SMALL_LOOP = {"steps": 20, "batch_size": 4, "validate_every": 10}
RECORDINGS = 24
"""Of which 20 are fit for training, 71 s: a minute of speech."""

GATE_PROMPTS = 20
DIRT = ("beep", "tt-monkeys", "silence/1", "letters/a", "digits/1")


@dataclass(frozen=True)
class Checkout:
    """A checkout of its own in which commands run as a user would run them."""

    root: Path

    def run(
        self, *command: str, status: int | None = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; any exit status but `status` fails the test with the command's output."""
        answer = subprocess.run(
            command,
            cwd=self.root,
            env={**_environment(self.root), **environment},
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        if status is not None and answer.returncode != status:
            pytest.fail(
                f"{' '.join(command)} ended with {answer.returncode}\n"
                f"{answer.stdout[-6000:]}\n{answer.stderr[-6000:]}"
            )
        return answer

    def voxgate(
        self, *arguments: str, status: int | None = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the `voxgate` command of this checkout."""
        code = "from flows.cli.app import main; main()"
        return self.run(sys.executable, "-c", code, *arguments, status=status, **environment)

    def json(self, *arguments: str) -> Any:
        """Run a `voxgate` command with --json and parse what it prints."""
        return json.loads(self.voxgate(*arguments, "--json").stdout)


@dataclass(frozen=True)
class FinishedRun:
    """The shared run: its checkout, and what `voxgate run --json` printed."""

    checkout: Checkout
    answer: dict[str, Any]


def _environment(root: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "MLFLOW_"))}
    folder = str(Path(sys.executable).parent)
    return {
        **kept,
        "PATH": f"{folder}{os.pathsep}{kept['PATH']}",
        "PYTHONPATH": str(root),
        "COLUMNS": "120",
    }


@pytest.fixture(scope="session")
def make_checkout(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Checkout]:
    """Return a function that copies the tracked files of this checkout into a new repository."""

    def make() -> Checkout:
        root = tmp_path_factory.mktemp("checkout")
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, root / name)
        for command in (
            ["init", "-q"],
            ["add", "-A"],
            ["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", "start"],
        ):
            subprocess.run(["git", *command], cwd=root, check=True)
        return Checkout(root)

    return make


@pytest.fixture(scope="session")
def small_checkout(make_checkout: Callable[[], Checkout], assets_dir: Path) -> Checkout:
    """Return a checkout with a part of the real corpus, small budgets and a few prompts."""
    assert assets_dir.is_dir()
    made = make_checkout()
    made.voxgate("corpus", "fetch")
    _keep_some_recordings(made.root / "data")
    made.voxgate("data", "commit")
    _shrink_parameters(made.root / "params.yaml")
    _keep_some_prompts(made.root / "benchmark" / "prompts.en.jsonl")
    return made


@pytest.fixture(scope="session")
def finished(small_checkout: Checkout) -> FinishedRun:
    """Return the shared run, finished."""
    return FinishedRun(small_checkout, small_checkout.json("run"))


def _keep_some_recordings(data: Path) -> None:
    manifest = data / "manifest.csv"
    with manifest.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        columns = list(reader.fieldnames or ())
        rows = list(reader)
    spoken = [row for row in rows if 6 <= len(row["text"].split()) <= 14 and "." not in row["text"]]
    dirt = [row for row in rows if row["recording_id"].endswith(DIRT)]
    kept = sorted([*spoken[:RECORDINGS], *dirt], key=lambda row: row["recording_id"])
    names = {row["path"] for row in kept}
    for row in rows:
        if row["path"] not in names:
            (data / row["path"]).unlink()
    with manifest.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def _shrink_parameters(path: Path) -> None:
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    for section, values in SMALL.items():
        params[section].update(values)
    for loop in ("synthesizer", "text_to_semantic"):
        params["train"][loop].update(SMALL_LOOP)
    path.write_text(yaml.safe_dump(params, sort_keys=False), encoding="utf-8")


def _keep_some_prompts(path: Path) -> None:
    prompts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    short = [p for p in prompts if p["words"] <= 12]
    kept = [p for p in short if p["split"] == "select"][:2]
    kept += [p for p in short if p["split"] == "gate"][:GATE_PROMPTS]
    lines = [json.dumps(prompt, ensure_ascii=False) for prompt in kept]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
