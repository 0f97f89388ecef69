"""Small checkouts in which a command has work to do and can be killed at it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import yaml

from tests.fakes.recordings import make_tone, write_audio
from tests.fakes.releases import enter
from voxgate.adapters.sql.ledger import open_ledger
from voxgate.settings import Settings
from voxgate.stage import STAGES
from voxgate.wiring.backup import back_up, default_stores

__all__ = [
    "make_add_project",
    "make_commit_project",
    "make_restore_project",
    "make_run_project",
]

ROOT = Path(__file__).resolve().parents[2]
AUTHOR = ("-c", "user.name=t", "-c", "user.email=t@localhost")
CONSENT = """
schema: 1
speakers:
  anna:
    scope: internal
    statement: I do
    source: test
    licence: none
    attribution: nobody
"""
# A stage that writes as the real ones do, slowly; the last one refuses, so that nothing is judged.
STAGE = """
import json, sys, time
from pathlib import Path
from voxgate.files import publish_directory, write_bytes
from voxgate.stage import Outcome, Reason
stage = sys.argv[1]
with publish_directory(Path("build") / stage) as folder:
    for number in range(4):
        write_bytes(folder / f"part{number}.bin", f"{stage} {number}".encode() * 1000)
        write_bytes(Path(".voxgate/work") / stage / f"{number}", b"state")
        time.sleep(0.05)
    reasons = (Reason("few", "3 clips left"),) if stage == "evaluate" else ()
    Outcome(stage=stage, accepted=not reasons, reasons=reasons).write(folder)
"""


def make_run_project(root: Path) -> None:
    """Five stages of DVC, registered data."""
    _lay_data(root, clips=3)
    (root / "stage.py").write_text(STAGE)
    stages = {}
    for number, stage in enumerate(STAGES):
        before = f"build/{STAGES[number - 1]}" if number else "data"
        stages[stage] = {
            "cmd": f"{sys.executable} stage.py {stage}",
            "deps": ["stage.py", before],
            "outs": [f"build/{stage}"],
        }
    (root / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}))
    _init(root)
    _run(root, sys.executable, "-m", "dvc", "add", "-q", "data")
    _run(root, "git", "add", "data.dvc")
    _run(root, "git", *AUTHOR, "commit", "-qm", "data", "data.dvc")


def make_add_project(root: Path) -> None:
    """A speaker in data/, another one's takes beside it."""
    _lay_data(root, clips=20)
    lines = []
    for number in range(20):
        name = f"take{number:02d}.wav"
        write_audio(root / "takes" / name, make_tone(hz=300.0 + number, seconds=20.0))
        lines.append(f"{name}|ben|EN|Sentence number {number}.")
    (root / "takes" / "takes.list").write_text("\n".join(lines))


def make_commit_project(root: Path) -> None:
    """Data that nobody has registered."""
    _lay_data(root, clips=60)
    _init(root)


def make_restore_project(root: Path) -> None:
    """A backup of a ledger, a registry and artifacts, and nothing of them in place."""
    _lay_files(root)
    ledger = open_ledger(Settings(), root)
    for number in (1, 2):
        enter(ledger, number)
    home = root / ".voxgate" / "mlflow"
    for number in range(60):
        path = home / "artifacts" / str(number) / "voice.bin"
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes([number]) * 200_000)
    with closing(sqlite3.connect(home / "mlflow.db")) as registry:
        registry.execute("CREATE TABLE aliases (name TEXT, version INTEGER)")
        registry.executemany("INSERT INTO aliases VALUES ('champion', ?)", [(n,) for n in range(9)])
        registry.commit()
    back_up(default_stores(Settings(), root), root / "backup")
    shutil.rmtree(root / ".voxgate")


def _lay_files(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, root)


def _lay_data(root: Path, *, clips: int) -> None:
    _lay_files(root)
    lines = ["recording_id,path,speaker_id,language,text"]
    for number in range(clips):
        path = f"audio/anna/{number:02d}.wav"
        write_audio(root / "data" / path, make_tone(hz=200.0 + number, seconds=2.0))
        lines.append(f"anna/{number:02d},{path},anna,en,Sentence number {number}.")
    (root / "data" / "manifest.csv").write_text("\n".join(lines) + "\n")
    (root / "data" / "consent.yaml").write_text(CONSENT)


def _init(root: Path) -> None:
    _run(root, "git", "init", "-q")
    _run(root, sys.executable, "-m", "dvc", "init", "-q")


def _run(root: Path, *command: str) -> None:
    subprocess.run(command, cwd=root, check=True, capture_output=True)
