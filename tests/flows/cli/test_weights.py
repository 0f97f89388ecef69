from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import main
from flows.cli.weights import app
from voxgate.adapters.assets.catalogue import find_asset
from voxgate.errors import WeightsError


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
def test_unknown_asset_is_one_line_and_no_traceback(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["voxgate", "weights", command, "whisper-huge"])
    with pytest.raises(SystemExit) as stopped:
        main()

    shown = capsys.readouterr().err
    assert stopped.value.code == 1
    assert shown.startswith("AssetError: no asset 'whisper-huge'")
    assert len(shown.splitlines()) == 1


def test_fetch_from_a_folder_with_a_damaged_wheel_keeps_nothing(
    store: Path, tmp_path: Path
) -> None:
    (tmp_path / "Resemblyzer-0.1.4-py3-none-any.whl").write_bytes(b"not a wheel")

    result = CliRunner().invoke(app, ["fetch", "ge2e", "--from", str(tmp_path)])

    assert isinstance(result.exception, WeightsError)
    assert not (store / "ge2e").exists()
