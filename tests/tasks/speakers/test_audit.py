"""`voxgate audit verify-speakers`: what is wrong with the register is said, and where."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tasks.speakers.audit import verify_speakers
from tests.fakes.speaker_profiles import make_inputs
from voxgate.errors import ConfigError
from voxgate.settings import Settings
from voxgate.speakers import decisions
from voxgate.stage import Workspace
from voxgate.wiring.speakers import open_speaker_register


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    register = open_speaker_register(Settings(), tmp_path)
    for number in (1, 2):
        register.append(
            lambda standing, now, reference=f"{number}" * 64: decisions.enrol(
                standing,
                make_inputs(reference=reference),
                duration_s=5.0,
                checks={},
                by="bob",
                now=now,
            )
        )
    return tmp_path


def test_a_whole_register_is_held_against_every_head_that_is_known(root: Path) -> None:
    result = verify_speakers(root, None)
    assert (result["events"], result["findings"]) == (2, [])
    assert result["compared_with"] == ["this checkout's head"]
    again = verify_speakers(root, result["head"])
    assert again["compared_with"] == ["the given head", "this checkout's head"]
    with pytest.raises(ConfigError, match="expected SEQUENCE:SHA256, got '7'"):
        verify_speakers(root, "7")


def test_a_tail_that_was_cut_off_is_found(root: Path) -> None:
    with closing(sqlite3.connect(Workspace(root).ledger_file)) as connection:
        connection.execute("DROP TRIGGER speaker_events_no_delete")
        connection.execute("DELETE FROM speaker_events WHERE sequence = 2")
        connection.commit()
    answer = CliRunner().invoke(app, ["audit", "verify-speakers", "--root", str(root)])
    assert answer.exit_code == 1
    assert answer.output.startswith("NOT VERIFIED: truncated: event 2 was remembered outside")
