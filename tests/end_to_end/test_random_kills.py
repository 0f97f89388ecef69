"""SIGKILL at a uniformly random time; the same command again ends as if nothing had happened.

What a chosen point cannot show: ten times a command is killed at any time of its life, given again,
and everything that it leaves is compared with what an uninterrupted one leaves. `run` has the real
flow, DVC and locks with stages that do nothing but write; steps of a release are killed in
tests/tasks/test_crash_safety.py, training in tests/voxgate/training.

Each run draws other times. `VOXGATE_KILL_SEED` repeats a sequence, `VOXGATE_KILL_POINTS` makes it
longer. A failure names its seed and point, and keeps the checkout.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.kill_projects import (
    make_add_project,
    make_commit_project,
    make_restore_project,
    make_run_project,
)
from voxgate.files import digest_file

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
POINTS = int(os.environ.get("VOXGATE_KILL_POINTS", "10"))
MOST_TRIES = 4
PREFECT = ".voxgate/prefect"
SEED = int(os.environ.get("VOXGATE_KILL_SEED", random.SystemRandom().randrange(10**6)))


@dataclass(frozen=True)
class KillServer:
    """Runs commands in one folder, which is put back to its start each time.

    `kept` is where that is moved after a test.
    """

    folder: Path
    process: subprocess.Popen[str]
    kept: Path

    @property
    def root(self) -> Path:
        return self.folder / "checkout"

    def give(self, arguments: list[str], kill_after_s: float | None = None) -> dict[str, Any]:
        """Run `voxgate` in the checkout."""
        job = {
            "arguments": arguments,
            "root": str(self.root),
            "log": str(self.folder / "log"),
            "kill_after_s": kill_after_s,
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(job), file=self.process.stdin, flush=True)
        return dict(json.loads(self.process.stdout.readline()))

    def begin(self, *, ran_before: bool = False) -> None:
        """Put everything back to where it was before the first command.

        Where one `ran_before`, Prefect finds the database that `keep_prefect` kept of it.
        """
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.folder / "start", self.root, symlinks=True)
        (self.folder / "log").unlink(missing_ok=True)
        if ran_before and (self.folder / "prefect").is_dir():
            shutil.copytree(self.folder / "prefect", self.root / PREFECT)

    def keep_prefect(self) -> None:
        """Keep Prefect's database, if the command that ran left one."""
        if (self.root / PREFECT).is_dir():
            shutil.copytree(self.root / PREFECT, self.folder / "prefect")


@pytest.fixture(scope="module")
def process(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start what forks the commands, and say where: its imports take as long as a few of them."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "VOXGATE_"))}
    folder = tmp_path_factory.mktemp("kills")
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PREFECT_HOME": str(folder / "checkout" / PREFECT),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "DVC_NO_ANALYTICS": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.kill_server"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process, folder
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def server(process: tuple[subprocess.Popen[str], Path], tmp_path: Path) -> Iterator[KillServer]:
    server = KillServer(process[1], process[0], tmp_path)
    yield server
    for path in server.folder.iterdir():
        shutil.move(path, server.kept)


COMMANDS: dict[str, tuple[Callable[[Path], None], list[str], int]] = {
    "run": (make_run_project, ["run"], 3),
    "corpus add": (
        make_add_project,
        ["corpus", "add", "takes", "--speaker", "ben", "--scope", "internal", "--statement", "I do",
         "--source", "test", "--licence", "none", "--attribution", "nobody"],
        0,
    ),
    "data commit": (make_commit_project, ["data", "commit"], 0),
    "restore": (make_restore_project, ["restore", "backup"], 0),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_any_time_and_given_again_ends_like_an_uninterrupted_one(
    server: KillServer, name: str
) -> None:
    make, arguments, status = COMMANDS[name]
    make(server.folder / "start")
    server.begin()
    whole = server.give(arguments)
    assert whole["status"] == status, (server.folder / "log").read_text()
    expected = _describe(server.root)
    server.keep_prefect()
    chance = random.Random(f"{SEED} {name}")
    # It was the first and cold: what ends before its kill says how much.
    longest_s = dict.fromkeys((False, True), whole["took_s"])
    killed = 0
    for point in range(MOST_TRIES * POINTS):  # on a busy machine a command may end before its kill
        if killed == POINTS:
            break
        # To make its database takes Prefect a third of a first run, in which no stage begins.
        ran_before = point % 2 == 1
        server.begin(ran_before=ran_before)
        took_s = longest_s[ran_before]
        after_s = chance.uniform(0.0, took_s)
        where = f"seed {SEED}, point {point}, killed after {after_s:.3f} of {took_s:.2f} s"
        first = server.give(arguments, kill_after_s=after_s)
        if first["status"] == -9:
            killed += 1
        else:
            longest_s[ran_before] = min(took_s, first["took_s"])
        assert first["left"] == [], where
        _let_leases_run_out(server.root)
        again = server.give(arguments)
        hint = f"{where}; kept in {server.kept}\n{(server.folder / 'log').read_text()}"
        assert again["status"] == status, hint
        assert _describe(server.root) == expected, hint
    assert killed == POINTS


def _let_leases_run_out(root: Path) -> None:
    """Wait for the time to live of leases, without the waiting."""
    ledger = root / ".voxgate" / "ledger" / "ledger.db"
    if ledger.is_file():
        with closing(sqlite3.connect(ledger)) as opened, opened:
            if opened.execute("SELECT 1 FROM sqlite_master WHERE name='ledger_leases'").fetchone():
                opened.execute("UPDATE ledger_leases SET until_s = 0")


def _describe(root: Path) -> dict[str, Any]:
    """Return data, results, graph and stores by content; temporaries are part of it."""
    found = {
        path.relative_to(root).as_posix(): digest_file(path)
        for folder in (root / "data", root / "build", root / ".voxgate" / "mlflow" / "artifacts")
        for path in folder.rglob("*")
        if path.is_file()
    }
    hidden = [path.relative_to(root).as_posix() for path in root.rglob("*voxgate-*")]
    lock, pointer = root / "dvc.lock", root / "data.dvc"
    stages = yaml.safe_load(lock.read_text())["stages"] if lock.is_file() else None
    if stages is not None:
        for stage in stages.values():
            stage["deps"] = sorted((dep["path"], dep["md5"]) for dep in stage["deps"])
    return {
        "files": found,
        "hidden": hidden,
        "stages": stages,
        "version": pointer.read_text() if pointer.is_file() else None,
        "cache": sorted(
            path.name
            for path in (root / ".dvc" / "cache" / "files").rglob("*")
            if path.is_file()
        ),
        "ledger": _events(root),
    }  # fmt: skip


def _events(root: Path) -> list[Any]:
    path = root / ".voxgate" / "ledger" / "ledger.db"
    if not path.is_file():
        return []
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute("SELECT * FROM release_events ORDER BY sequence").fetchall()
