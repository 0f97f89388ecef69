from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli_weights import app
from voxgate.adapters.asset_catalogue import find_asset


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the command line at an empty store."""
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path))
    return tmp_path


def test_list_gives_the_digest_to_pin_as_json() -> None:
    result = CliRunner().invoke(app, ["list", "--json"])

    rows = {row["name"]: row for row in json.loads(result.stdout)}
    assert rows["whisper-base"]["sha256"] == find_asset("whisper-base").sha256
    assert not rows["whisper-base"]["present"]


def test_verify_fails_and_says_how_to_fetch() -> None:
    result = CliRunner().invoke(app, ["verify", "ge2e"])

    assert result.exit_code == 1
    assert "voxgate weights fetch ge2e" in result.stderr


@pytest.mark.parametrize("command", ["fetch", "verify"])
def test_unknown_asset_is_one_line_and_no_traceback(command: str) -> None:
    result = CliRunner().invoke(app, [command, "whisper-huge"])

    assert result.exit_code == 1
    assert "no asset 'whisper-huge'" in result.stderr
    assert "Traceback" not in result.stderr


def test_fetch_from_a_folder_with_a_damaged_wheel_keeps_nothing(
    store: Path, tmp_path: Path
) -> None:
    (tmp_path / "Resemblyzer-0.1.4-py3-none-any.whl").write_bytes(b"not a wheel")

    result = CliRunner().invoke(app, ["fetch", "ge2e", "--from", str(tmp_path)])

    assert result.exit_code == 1
    assert "WeightsError" in result.stderr
    assert not (store / "ge2e").exists()
