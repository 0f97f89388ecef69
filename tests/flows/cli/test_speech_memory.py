"""Measuring for a GPU as an operator meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.gpu import MIB, measured
from tests.fakes.release_site import ReleaseSite
from voxgate.wiring import speech_memory


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def measure(checkout: Any, **how: Any) -> Any:
        found.append(how)
        return measured((4, 100), (60, 1234), loaded=30 * MIB)

    monkeypatch.setattr(speech_memory, "measure_version", measure)
    return found


def test_it_says_what_each_size_needs(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    site = ReleaseSite.create(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")
    words = ["speech-memory", "--device", "cuda:1", "--version", "3", "--root", str(site.root)]
    shown = CliRunner().invoke(app, [*words, "--precision", "bfloat16"], catch_exceptions=False)
    assert asked == [{"device": "cuda:1", "version": 3, "precision": "bfloat16"}]
    assert shown.output.splitlines()[0] == "voice abababababab, float32, on Acme One"
    assert [line.split()[-2] for line in shown.output.splitlines()[1:]] == ["30", "100", "1,234"]
    told = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert json.loads(told.output)["sizes"][1] == {"phones": 60, "peak_bytes": 1234 * MIB}


def test_int8_is_not_measured(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    words = ["speech-memory", "--device", "cuda:0", "--precision", "int8"]
    assert CliRunner().invoke(app, words).exit_code == 2
    assert asked == []
