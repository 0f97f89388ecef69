from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import retraining_queue
from flows.cli.app import app
from flows.retraining_queue import Queued
from tests.fakes.release_site import ROOT
from voxgate.errors import ConfigError
from voxgate.wiring.checkout import Checkout


@pytest.fixture
def checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in ("prepare_environment", "prepare_prefect"):
        monkeypatch.setattr(f"flows.cli.schedule.{name}", lambda _root: None)
    monkeypatch.setenv("VOXGATE_HOST", "anna")
    monkeypatch.setenv("VOXGATE_TRAINING_DEVICES", "cpu:0,cpu:1")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / "params.yaml", tmp_path / name)
    return [str(tmp_path / name) for name in ("one", "two")]


def test_each_checkout_is_queued_for_this_machine_with_as_many_at_a_time_as_it_has_places(
    checkouts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []

    def enqueue(opened: list[Checkout], **how: object) -> tuple[Queued, ...]:
        asked.append(how)
        return tuple(
            Queued(model=f"voice-{one.root.name}", root=one.root, deployment="d", run="calm-owl")
            for one in opened
        )

    monkeypatch.setattr(retraining_queue, "enqueue", enqueue)
    result = CliRunner().invoke(app, ["schedule", "retrain", *checkouts])
    assert result.exit_code == 0, result.output
    assert asked == [{"host": "anna", "places": 2, "schedule": None}]
    head, *lines = result.output.splitlines()
    assert head == "voxgate-retrain-anna: 2 at a time; keep `voxgate schedule work` running"
    assert [line.split() for line in lines] == [
        ["voice-one", "calm-owl", checkouts[0]],
        ["voice-two", "calm-owl", checkouts[1]],
    ]


def test_what_is_no_schedule_is_named(checkouts: list[str]) -> None:
    error = (
        CliRunner().invoke(app, ["schedule", "retrain", *checkouts, "--cron", "daily"]).exception
    )
    assert isinstance(error, ConfigError)
    assert "--cron: 'daily' in 'UTC' is no schedule" in str(error)
