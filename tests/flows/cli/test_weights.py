"""`voxgate weights`, through the command line that a user runs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import torch
import yaml
from typer.testing import CliRunner

from flows.cli.app import main
from flows.cli.weights import app
from tests.fakes.tiny_public import write_hubert, write_pair
from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import file_digests
from voxgate.errors import WeightsError


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the command line at an empty store."""
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["voxgate", "weights", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        shown = capsys.readouterr()
        return int(stopped.value.code or 0), shown.out, shown.err

    return run


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


class Attack:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def test_a_file_that_would_run_something_is_one_line_and_runs_nothing(
    call, store: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "was-here"
    path = tmp_path / "voice.pth"
    torch.save({"weight": {"a": Attack(marker)}}, path)
    torch.load(path, weights_only=False)
    assert marker.exists(), "the attack itself must work, or this test proves nothing"
    marker.unlink()

    code, out, err = call("import", path)
    assert code == 1
    assert not out
    assert err.startswith(f"WeightsError: {path}: the file asks to run ")
    assert "Nothing was run" in err
    assert len(err.splitlines()) == 1
    assert not marker.exists()
    assert not store.exists() or not list(store.rglob("*.safetensors"))


def test_the_table_names_version_and_both_digests(call, tmp_path: Path) -> None:
    code, out, _ = call("import", *write_pair(tmp_path / "files"))
    assert code == 0
    assert "s1v3.ckpt: s1 v2; not one of the published base files" in out
    assert "s2Gv2Pro.pth: s2 v2Pro" in out
    assert out.count("source sha256") == out.count("result sha256") == 2


def test_a_base_is_made_and_params_can_be_pasted(call, tmp_path: Path) -> None:
    write_hubert(tmp_path / "hubert")
    options = ("--base", "pro", "--root", tmp_path, "--extractor", tmp_path / "hubert")
    code, out, _ = call("import", *write_pair(tmp_path / "files"), *options)
    assert code == 0
    params = yaml.safe_load(out.partition("In params.yaml:\n")[2])

    _, out, _ = call("import", *write_pair(tmp_path / "files"), *options, "--json")
    document = json.loads(out)
    assert document["params"] == params
    assert [each["network"] for each in document["files"]] == ["s1", "s2"]
    assert params["train"]["base"]["folder"] == "pro"
    pinned = folder_digest(file_digests(tmp_path / "hubert"))
    assert params["featurize"]["extractor_sha256"] == pinned


def test_without_a_folder_the_catalogues_hubert_is_pinned(call, tmp_path: Path) -> None:
    options = ("--base", "pro", "--root", tmp_path, "--json")
    _, out, _ = call("import", *write_pair(tmp_path / "files"), *options)
    assert json.loads(out)["params"]["featurize"]["extractor"] == "chinese-hubert-base"


@pytest.mark.parametrize("name", ["../x", "a/b", ""])
def test_a_base_stays_in_its_folder(call, tmp_path: Path, name: str) -> None:
    code, _, err = call("import", *write_pair(tmp_path / "files"), "--base", name)
    assert code == 1
    assert err.startswith("ConfigError: --base: expected a plain folder name, got ")


def test_export_writes_and_names_both_files(call, tmp_path: Path) -> None:
    options = ("--base", "pro", "--root", tmp_path)
    call("import", *write_pair(tmp_path / "files"), *options)
    code, out, _ = call("export", tmp_path / "base" / "pro", "--to", tmp_path / "out")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        str(tmp_path / "out" / "pro.ckpt"),
        str(tmp_path / "out" / "pro.pth"),
    ]

    code, out, _ = call(
        "export", tmp_path / "base" / "pro", "--to", tmp_path / "out", "--name", "n", "--json"
    )
    assert [Path(row["path"]).name for row in json.loads(out)] == ["n.ckpt", "n.pth"]
    code, _, err = call(
        "export", tmp_path / "base" / "pro", "--to", tmp_path / "out", "--name", "../n"
    )
    assert (code, err[:20]) == (1, "ConfigError: --name:")
