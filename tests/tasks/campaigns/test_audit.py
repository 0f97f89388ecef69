"""`voxgate audit verify-campaigns`: what is wrong with the events is said, and where."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tasks.campaigns.audit import verify_campaigns
from tests.fakes.campaigns import SPEC
from voxgate.errors import ConfigError
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.campaign_rows import open_campaign_store


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    store = open_campaign_store(Settings(), tmp_path)
    for name in ("spring", "summer"):
        store.create(name, {**SPEC, "campaign": name}, owner="anna")
    return tmp_path


def _alter(root: Path, trigger: str, statement: str) -> None:
    with closing(sqlite3.connect(Workspace(root).ledger_file)) as connection:
        connection.execute(f"DROP TRIGGER campaign_events_no_{trigger}")
        connection.execute(statement)
        connection.commit()


def test_a_whole_chain_is_held_against_every_head_that_is_known(root: Path) -> None:
    result = verify_campaigns(root, None)
    assert (result["events"], result["findings"]) == (2, [])
    assert result["compared_with"] == ["this checkout's head"]
    again = verify_campaigns(root, result["head"])
    assert again["compared_with"] == ["the given head", "this checkout's head"]
    with pytest.raises(ConfigError, match="expected SEQUENCE:SHA256, got '7'"):
        verify_campaigns(root, "7")


def test_a_tail_that_was_cut_off_is_found(root: Path) -> None:
    _alter(root, "delete", "DELETE FROM campaign_events WHERE sequence = 2")
    answer = CliRunner().invoke(app, ["audit", "verify-campaigns", "--root", str(root)])
    assert answer.exit_code == 1
    assert answer.output.startswith("NOT VERIFIED: truncated: event 2 was remembered outside")


def test_an_event_that_was_altered_is_found(root: Path) -> None:
    _alter(root, "update", "UPDATE campaign_events SET actor = 'bob' WHERE sequence = 1")
    assert [f["code"] for f in verify_campaigns(root, None)["findings"]] == ["altered"]
