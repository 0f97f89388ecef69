"""`voxgate audit speech` as an operator types it, on a ledger's database that holds speech."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli.app import app
from tests.fakes.memory import memory_folder
from tests.fakes.speech_records import make_batch
from voxgate.errors import LedgerTamperedError, VoxgateError
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.speech_audit import open_speech_audit

Call = Callable[..., Result]


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    with memory_folder() as folder:
        audit = open_speech_audit(Settings(), folder)
        audit.append(make_batch("one", 1, 2, text="Hello Anna."))
        audit.append(make_batch("two", 3, profile="bob@1"))
        yield folder


@pytest.fixture
def call(root: Path) -> Call:
    def run(*words: str) -> Result:
        result = CliRunner().invoke(app, ["audit", *words, "--root", str(root)])
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        return result

    return run


def test_one_request_is_found_with_its_version_profile_and_consent(call: Call) -> None:
    answer = call("speech", "--request", "r-2")
    assert answer.exit_code == 0
    assert answer.output.count("UTC") == 1
    for named in ("r-2", "voice-test@1", "anna@2", "c" * 64, "'Hello Anna.'", "batch 1, record 2"):
        assert named in answer.output
    (record,) = json.loads(call("speech", "--request", "r-2", "--json").output)
    assert (record["request_id"], record["text"]) == ("r-2", "Hello Anna.")


def test_records_are_found_by_time_profile_and_version(call: Call) -> None:
    def found(*words: str) -> list[str]:
        return [r["request_id"] for r in json.loads(call("speech", *words, "--json").output)]

    assert found("--since", "2026-11-28T12:00:02") == ["r-2", "r-3"]
    assert found("--since", "2026-11-28T12:00:02", "--until", "2026-11-28T12:00:03") == ["r-2"]
    assert found("--profile", "bob") == ["r-3"]
    assert found("--version", "1", "--limit", "1") == ["r-3"]
    assert call("speech", "--request", "none").output == "nothing was found\n"


def test_speech_that_was_altered_is_found(call: Call, root: Path) -> None:
    head = json.loads(call("verify-speech", "--json").output)["head"]
    assert call("verify-speech", "--head", head).output.startswith("verified: 3 records in 2")
    with closing(sqlite3.connect(Workspace(root).ledger_file)) as connection:
        connection.execute("DROP TRIGGER speech_audit_records_no_update")
        connection.execute(
            "UPDATE speech_audit_records SET content = replace(content, 'Anna', 'Hanna')"
        )
        connection.commit()
    for words in (["verify-speech"], ["speech", "--request", "r-1"]):
        with pytest.raises(LedgerTamperedError, match="record_altered: batch 1"):
            call(*words)
