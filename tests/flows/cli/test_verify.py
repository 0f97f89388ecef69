from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.evidence import make_evidence, make_thresholds, noisy_rows
from voxgate.files import canonical_json
from voxgate.gate.bundle import write_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_bundle(
        tmp_path / "bundle",
        {
            "challenger": canonical_json(make_evidence().as_json()).encode(),
            "thresholds": canonical_json(make_thresholds().as_json()).encode(),
        },
    )
    return tmp_path / "bundle"


def test_an_untouched_bundle_verifies(bundle: Path) -> None:
    result = CliRunner().invoke(app, ["verify", str(bundle)])
    assert result.exit_code == 0
    assert result.output.startswith("verified: PASS, bundle ")


def test_an_edited_verdict_exits_1_and_names_the_file(bundle: Path) -> None:
    path = bundle / "verdict.json"
    path.write_text(path.read_text().replace("PASS", "FAIL"))
    result = CliRunner().invoke(app, ["verify", str(bundle), "--json"])
    assert result.exit_code == 1
    document = json.loads(result.output)
    assert document["verified"] is False
    assert document["verdict"] == "PASS"
    assert document["differing"] == ["verdict.json"]


def test_altered_evidence_exits_1_with_the_reason(bundle: Path) -> None:
    path = bundle / "challenger.json"
    path.write_text(path.read_text().replace('"word_errors":0', '"word_errors":1', 1))
    result = CliRunner().invoke(app, ["verify", str(bundle)])
    assert result.exit_code == 1
    assert "NOT VERIFIED" in result.output
    assert "the file was altered" in result.output


def test_compare_shows_paired_differences(tmp_path: Path) -> None:
    make_evidence(row=noisy_rows(1)).write(tmp_path / "a.json")
    make_evidence(row=noisy_rows(2, wer=0.2)).write(tmp_path / "b.json")
    arguments = ["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    text = CliRunner().invoke(app, arguments)
    assert text.exit_code == 0
    assert "60 prompts" in text.output
    document = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).output)
    assert document["differences"]["wer"]["low"] > 0
    assert document["caveats"] == []


def test_compare_says_when_numbers_are_of_different_instruments(tmp_path: Path) -> None:
    evidence = make_evidence()
    evidence.write(tmp_path / "a.json")
    other = {**evidence.protocol, "normaliser": "another"}
    replace(evidence, protocol=other).write(tmp_path / "b.json")
    result = CliRunner().invoke(
        app, ["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--json"]
    )
    document = json.loads(result.output)
    assert document["differences"] is None
    assert document["caveats"] == ["measured with different instruments or rules"]
