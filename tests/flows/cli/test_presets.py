"""Presets as an operator meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from voxgate.errors import (
    ApproverError,
    ConfigError,
    ReleaseError,
    UnknownPresetError,
    VoxgateError,
)

Call = Callable[..., Result]
CLINIC = "name: clinic\nversion: {}\nseed: {}\nformat: opus\n"


@pytest.fixture
def call(tmp_path: Path) -> Call:
    def run(*arguments: object) -> Result:
        words = ["presets", *map(str, arguments), "--root", str(tmp_path)]
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def written(folder: Path, version: int, seed: int) -> Path:
    path = folder / "clinic.yaml"
    path.write_text(CLINIC.format(version, seed))
    return path


def labels(call: Call) -> list[str]:
    rows: list[dict[str, Any]] = json.loads(call("list", "--json").output)
    return [row["label"] for row in rows]


def test_what_ships_is_listed_and_shown(call: Call) -> None:
    assert labels(call) == ["realtime@1", "standard@1", "telephone@1"]
    assert [line.split()[0] for line in call("list").output.splitlines()] == labels(call)
    shown = call("show", "telephone").output
    assert "loudness_lufs                -19.0" in shown
    assert "quality.max_length_ratio     3.0" in shown
    assert json.loads(call("show", "realtime@1", "--json").output)["cut"] == "every_mark"


def test_a_row_is_added_once(call: Call, tmp_path: Path) -> None:
    path = written(tmp_path, 1, 5)
    answer = json.loads(call("add", path, "--by", "anna", "--json").output)
    assert (answer["label"], answer["seed"], answer["added"]) == ("clinic@1", 5, True)
    assert "is there and says the same" in call("add", path, "--by", "bob").output
    with pytest.raises(ConfigError, match="a row never changes"):
        call("add", written(tmp_path, 1, 6), "--by", "anna")
    assert "added clinic@2" in call("add", written(tmp_path, 2, 6), "--by", "anna").output
    assert json.loads(call("show", "clinic", "--json").output)["seed"] == 6
    assert labels(call)[:2] == ["clinic@1", "clinic@2"]


def test_what_cannot_be_done_is_a_typed_error(call: Call, tmp_path: Path) -> None:
    with pytest.raises(UnknownPresetError, match="there are: realtime@1"):
        call("show", "clinic")
    with pytest.raises(ConfigError, match="the file is missing"):
        call("add", tmp_path / "gone.yaml", "--by", "anna")
    with pytest.raises(ReleaseError, match="--by"):
        call("add", written(tmp_path, 1, 1), "--by", " ")
    with pytest.raises(ApproverError):
        call("add", written(tmp_path, 1, 1), "--by", "policy:auto")
    assert labels(call) == ["realtime@1", "standard@1", "telephone@1"]
