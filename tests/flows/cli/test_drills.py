from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import drills as cli_drills
from flows.cli.app import app
from voxgate.errors import StageError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli_drills, "prepare_environment", lambda _root: None)
    shutil.copy("params.yaml", tmp_path)
    shutil.copytree("benchmark", tmp_path / "benchmark")
    return tmp_path


@pytest.mark.parametrize("command", [["calibrate"], ["drill", "--prompts", "20"]])
def test_without_a_voice_the_command_says_what_to_run(command: list[str], root: Path) -> None:
    result = CliRunner().invoke(app, [*command, "--root", str(root)])
    assert result.exit_code == 1
    assert isinstance(result.exception, StageError)
    assert "names no chosen checkpoint; run `voxgate run` first" in str(result.exception)
    assert not (root / "build").exists()


def test_seeds_are_for_a_part_of_the_prompts(root: Path) -> None:
    result = CliRunner().invoke(app, ["drill", "--seeds", "1", "--root", str(root)])
    assert result.exit_code == 2
    assert "--seeds goes with --prompts" in result.output
