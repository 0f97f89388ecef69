"""SIGKILL at 36 points of a release: the same command again ends as if nothing had happened.

Real ledger, real registry, real bundles, a real receiver of notifications; no training. Each point
is before, within (after the first durable write, before the last) or after an effect.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.webhook_receiver import Receiver, webhook_receiver

ROOT = Path(__file__).resolve().parents[2]
CHILD = "__main__"
REGISTRY = "voxgate.adapters.mlflow.release_registry:MlflowRegistry"
PROJECTION = "voxgate.adapters.mlflow.projection"
RECONCILER = "voxgate.adapters.mlflow.reconciler"
DESK = "voxgate.release.desk:Desk"
WEBHOOK = "voxgate.adapters.notices.webhook:Webhook.send"

# effect, command, where it starts, points
EFFECTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "register",
        "retrain",
        "evaluated",
        (f"before {REGISTRY}.show_candidate", f"after {PROJECTION}:_log_checkpoints"),
    ),
    (
        "register",
        "retrain",
        "logged",
        (
            f"before {PROJECTION}:ensure_version",
            f"after {REGISTRY}.show_candidate",
            "before commit of registered",
            f"before {CHILD}:judge_candidate",
        ),
    ),
    (
        "gate",
        "retrain",
        "registered",
        (
            "before tasks.release.comparison:gate",
            "after voxgate.gate.bundle:write_json",
            "after tasks.release.comparison:gate",
            f"after {REGISTRY}.store_folder",
            "before commit of judged",
            f"before {DESK}.follow",
            f"after {CHILD}:judge_candidate",
        ),
    ),
    (
        "approve",
        "approve",
        "released",
        (
            f"before {DESK}.require_evidence",
            "before commit of approved",
            "before tasks.release.approve:promote",
        ),
    ),
    (
        "promote",
        "approve",
        "released",
        (
            "before tasks.release.promote:_take_fence",
            "after tasks.release.promote:_take_fence",
            "before commit of promoted",
            f"before {DESK}.answer",
        ),
    ),
    (
        "project",
        "approve",
        "released",
        (
            f"before {RECONCILER}:catch_up",
            "after mlflow:MlflowClient.set_registered_model_alias",
            "after mlflow:MlflowClient.delete_registered_model_alias",
            "after mlflow:MlflowClient.set_model_version_tag",
            f"before {RECONCILER}:_remember_head",
            f"after {RECONCILER}:_remember_head",
        ),
    ),
    (
        "notify",
        "approve",
        "released",
        (
            f"before {WEBHOOK}",
            f"after {WEBHOOK}",
            "after voxgate.adapters.sql.outbox:SqlOutbox._note",
        ),
    ),
    (
        "roll back",
        "roll back",
        "released",
        (
            "before tasks.release.promote:_take_fence",
            "after tasks.release.promote:_take_fence",
            "before commit of rolled_back",
            f"before {DESK}.answer",
            "after mlflow:MlflowClient.set_registered_model_alias",
            f"before {RECONCILER}:_remember_head",
            f"after {CHILD}:roll_back",
        ),
    ),
)
POINTS = [
    pytest.param(command, start, point, id=f"{effect}: {point.replace(CHILD, 'tasks')}")
    for effect, command, start, points in EFFECTS
    for point in points
]


@dataclass
class CrashSite:
    """One checkout, always at the same place, that is put back to a known state."""

    folder: Path
    receiver: Receiver
    server: subprocess.Popen[str]
    ends: dict[str, tuple[Any, list[str]]] = field(default_factory=dict)

    def do(self, command: str, **options: Any) -> tuple[int, Any]:
        """Run a command in a process of its own; returns its exit status and what it returned."""
        job = {"do": command, "root": str(self.folder / "site" / "checkout"), **options}
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        print(json.dumps(job), file=self.server.stdin, flush=True)
        result = json.loads(self.server.stdout.readline())
        return result["status"], result["answer"]

    def begin_at(self, start: str) -> None:
        """Put the checkout, its ledger and its registry into the state `start`."""
        kept = self.folder / start
        if not kept.is_dir():
            self._make(start)
            shutil.copytree(self.folder / "site", kept)
        else:
            shutil.rmtree(self.folder / "site", ignore_errors=True)
            shutil.copytree(kept, self.folder / "site")
        self.receiver.requests.clear()

    def _make(self, start: str) -> None:
        if start == "logged":
            # What a kill leaves is a state to start from: logging checkpoints takes seconds.
            self.begin_at("evaluated")
            status, _ = self.do("retrain", kill=f"before {PROJECTION}:ensure_version")
            assert status == -signal.SIGKILL
            return
        if start == "registered":
            self.begin_at("logged")
        else:
            shutil.rmtree(self.folder / "site", ignore_errors=True)
            assert self.do("create")[0] == 0
        assert self.do(start)[0] == 0

    def uninterrupted(self, command: str) -> tuple[Any, list[str]]:
        """Return how `command` ends, and what people are told, when nobody kills it."""
        if command not in self.ends:
            self.begin_at("evaluated" if command == "retrain" else "released")
            status, state = self.do(command)
            assert status == 0
            self.ends[command] = state, self.told()
        return self.ends[command]

    def told(self) -> list[str]:
        return [json.loads(body)["subject"] for _, body in self.receiver.requests]


@pytest.fixture(scope="module")
def site() -> Iterator[CrashSite]:
    with memory_folder() as folder, webhook_receiver() as receiver:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "VOXGATE_WEBHOOK_URL": receiver.url,
            "VOXGATE_WEBHOOK_SECRET": base64.b64encode(b"k" * 32).decode(),
            "VOXGATE_ACTOR": "schedule",
            "MLFLOW_DISABLE_TELEMETRY": "true",  # read at import, before voxgate can say so
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.crash_child"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            yield CrashSite(folder, receiver, server)
            assert server.stdin is not None
            server.stdin.close()


@pytest.mark.slow
@pytest.mark.parametrize(("command", "start", "point"), POINTS)
def test_a_command_that_was_killed_and_is_given_again_ends_like_an_uninterrupted_one(
    site: CrashSite, command: str, start: str, point: str
) -> None:
    state, told = site.uninterrupted(command)
    assert told
    site.begin_at(start)
    assert site.do(command, kill=point)[0] == -signal.SIGKILL
    status, ended = site.do(command, later=True)
    assert status == 0
    assert ended == state
    if point == f"after {WEBHOOK}":
        # Acknowledged, but not yet marked: sent again, and the receiver can tell by the key.
        first, again = site.receiver.requests[:2]
        assert first[0]["webhook-id"] == again[0]["webhook-id"]
        assert first[1] == again[1]
        assert site.told()[1:] == told
    else:
        assert site.told() == told
        assert len(set(site.receiver.keys)) == len(told)


def test_every_effect_is_killed_before_within_and_after() -> None:
    counts: Counter[str] = Counter()
    for effect, *_, points in EFFECTS:
        counts[effect] += len(points)
    assert counts.total() == 36
    assert counts == {
        "register": 6,
        "gate": 7,
        "approve": 3,
        "promote": 4,
        "project": 6,
        "notify": 3,
        "roll back": 7,
    }
