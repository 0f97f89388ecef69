"""`voxgate speakers` in a checkout, with a fake of the speaker encoder only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.speaker_profiles import BandEncoder, record, speak_like
from tests.tasks.speakers.test_measure import PRESET
from tests.tasks.speakers.test_remeasure import Bay
from voxgate.errors import ConsentError, ProfileRefusedError, ProfileStateError, VoxgateError

ROOT = Path(__file__).resolve().parents[3]
Call = Callable[..., Result]
RECORD = "scope: {scope}\nsource: s\nlicence: l\nattribution: a\nstatement: she agreed\n"
WHO = ("--by", "bob", "--reason", "heard it")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    record(tmp_path, speak_like())
    for scope in ("internal", "publication"):
        (tmp_path / f"{scope}.yaml").write_text(RECORD.format(scope=scope))
    return tmp_path


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command in the checkout; its typed error is raised."""
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    monkeypatch.setattr(
        "voxgate.wiring.evaluators.build_speaker_encoder", lambda *_arguments: BandEncoder()
    )

    def run(*arguments: object) -> Result:
        words = ["speakers", *map(str, arguments), "--root", str(folder)]
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        assert result.exit_code in (0, 2, 3), result.output
        return result

    return run


def enrol(call: Call, folder: Path, *more: str) -> Any:
    arguments = ("anna", folder / "anna.wav", "--consent", folder / "internal.yaml")
    return call("enrol", *arguments, "--text", "Bla.", "--by", "bob", *more)


def test_a_speaker_is_enrolled_activated_suspended_resumed_and_revoked(
    folder: Path, call: Call
) -> None:
    assert "no speaker profile yet" in call("list").output
    assert "enrolled anna@1 as a draft" in enrol(call, folder).output
    assert "nothing was added" in enrol(call, folder).output
    assert "usable for nothing today" in call("list").output
    assert "usable for evaluation, internal" in call("activate", "anna", *WHO).output
    assert "suspended" in call("suspend", "anna", *WHO).output
    assert "usable for evaluation, internal" in call("resume", "anna", *WHO).output
    wider = call("consent", "anna", "--consent", folder / "publication.yaml", *WHO)
    assert "usable for evaluation, internal, publication" in wider.output
    call("revoke", "anna", "--by", "anna", "--reason", "I do not want it")
    shown = call("show", "anna").output
    assert "usable for nothing today" in shown
    assert "anna: I do not want it" in shown


def test_json_is_for_scripts(folder: Path, call: Call) -> None:
    enrolled = json.loads(enrol(call, folder, "--json").output)
    assert (enrolled["added"], enrolled["state"]) == (True, "draft")
    shown = json.loads(call("show", "anna", "--json").output)
    (listed,) = json.loads(call("list", "--json").output)
    assert shown == listed
    assert (folder / ".voxgate/speakers" / f"{shown['reference']['sha256']}.flac").is_file()
    revoked = json.loads(call("revoke", "anna", *WHO, "--json").output)
    assert (revoked["state"], revoked["usable_for"]) == ("revoked", [])


@pytest.mark.parametrize("command", ["activate", "suspend", "resume", "revoke"])
def test_every_decision_needs_who_and_why(folder: Path, call: Call, command: str) -> None:
    enrol(call, folder)
    assert call(command, "anna", "--by", "bob").exit_code == 2
    with pytest.raises(ProfileStateError, match="--reason: expected words"):
        call(command, "anna", "--by", "bob", "--reason", " ")


def test_a_bad_recording_and_an_ended_consent_are_refused(folder: Path, call: Call) -> None:
    record(folder, speak_like(times=1, noise=0.05))
    with pytest.raises(ProfileRefusedError) as caught:
        enrol(call, folder)
    assert len(caught.value.faults) >= 2
    record(folder, speak_like())
    (folder / "internal.yaml").write_text(
        RECORD.format(scope="internal") + "expires_on: 2026-01-01\n"
    )
    with pytest.raises(ConsentError, match="it ended with 2026-01-01"):
        enrol(call, folder)
    assert json.loads(call("list", "--json").output) == []


def test_profiles_are_measured_one_by_one_or_where_they_are_stale(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    bay = Bay(folder / "bay")
    bay.enrol("anna", PRESET)
    bay.enrol("bo", PRESET)
    monkeypatch.setattr("tasks.speakers.bench.open_bench", lambda _checkout: bay.bench())
    one = call("measure", "anna", "--preset", "plain", "--prompts", 9)
    assert one.exit_code == 0
    assert one.stdout.startswith("anna@1                   plain@1, version 8: good\n  score  ")
    assert bay.opened == ["voice for plain", "sit 9"]
    shutil.rmtree(bay.references)
    rest = call("measure", "--all-stale", "--json")
    assert rest.exit_code == 3
    assert [(each["profile"], each["standing"]) for each in json.loads(rest.stdout)] == [
        ("bo@1", "stale")
    ]
