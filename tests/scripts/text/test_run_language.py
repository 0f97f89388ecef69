from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.text.run_language import commands, language_params, main
from voxgate.errors import ConfigError
from voxgate.files import digest_file
from voxgate.params import load_params

ROOT = Path(__file__).parents[3]
PARAMS = (ROOT / "params.yaml").read_text(encoding="utf-8")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base" / "languages"
    folder.mkdir(parents=True)
    for model in ("s1", "s2"):
        (folder / f"{model}.safetensors").write_bytes(model.encode())
    return folder


def test_parameters_are_those_of_the_language_and_all_else_is_kept(
    base: Path, tmp_path: Path
) -> None:
    changed = language_params(PARAMS, "zh", base=base, base_dir=base.parent)
    different = [
        (old, new)
        for old, new in zip(PARAMS.splitlines(), changed.splitlines(), strict=True)
        if old != new
    ]
    assert len(different) == 5
    path = tmp_path / "params.yaml"
    path.write_text(changed, encoding="utf-8")
    params = load_params(path)
    assert params.train.base is not None
    assert params.train.base.folder == "languages"
    assert params.train.base.s2_sha256 == digest_file(base / "s2.safetensors")
    assert params.evaluate.prompts == "prompts.zh.jsonl"
    assert params.gate.model_name == "voice-zh"
    again = language_params(changed, "zh", base=base, base_dir=base.parent)
    assert again == changed


def test_a_line_that_is_not_there_is_named(base: Path) -> None:
    with pytest.raises(ConfigError, match=r"0 lines are like .*model_name"):
        language_params(PARAMS.replace("model_name", "name"), "ja", base=base, base_dir=base.parent)


def test_a_base_that_is_absent_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"s1\.safetensors.* is absent"):
        language_params(PARAMS, "zh", base=tmp_path, base_dir=tmp_path)


def test_the_commands_are_shown_and_run_in_order(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PARAMS, encoding="utf-8")
    called: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> int:
        called.append(command)
        return 0

    assert main(["ja", "--minutes", "2"], run=run) == 0
    assert called == [*commands("ja", minutes=2.0), ["voxgate", "run"]]
    shown = capsys.readouterr().out
    assert "$ voxgate corpus add .voxgate/corpora/ja --speaker jf_alpha --language ja" in shown
    assert "prompts.ja.jsonl" in Path("params.yaml").read_text(encoding="utf-8")


def test_a_command_that_fails_ends_it(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PARAMS, encoding="utf-8")
    called: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> int:
        called.append(command)
        return 3

    assert main(["zh", "--only-prepare"], run=run) == 3
    assert len(called) == 1
    assert Path("params.yaml").read_text(encoding="utf-8") == PARAMS


def test_an_absent_base_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text("evaluate:\n", encoding="utf-8")
    ran: list[object] = []
    assert main(["ja"], run=lambda command: ran.append(command) or 0) == 1
    assert not ran
    assert "docs/other_languages.md makes it" in capsys.readouterr().err
