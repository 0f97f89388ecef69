"""Every command finds its checkout, or says which folder it wants."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from flows.cli.app import app
from flows.cli.options import AnyRoot, Root
from voxgate.errors import ConfigError

here = typer.Typer()


@here.command()
def strict(root: Root = Path()) -> None:
    typer.echo(root)


@here.command()
def lenient(root: AnyRoot = Path()) -> None:
    typer.echo(root)


def ask(*words: str) -> str:
    result = CliRunner().invoke(here, list(words), catch_exceptions=False)
    return result.output.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "docs").mkdir(parents=True)
    for name in ("params.yaml", "dvc.yaml"):
        (root / name).touch()
    return root


@pytest.mark.parametrize("command", ["strict", "lenient"])
def test_the_checkout_is_the_one_around_the_current_folder(
    command: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout / "docs")
    assert ask(command) == str(checkout)


@pytest.mark.parametrize("command", ["strict", "lenient"])
def test_a_root_that_is_given_is_taken_as_it_is(
    command: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    assert ask(command, "--root", "docs") == "docs"
    assert ask(command, "--root", ".") == "."


def test_outside_of_a_checkout_only_some_commands_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ask("lenient") == str(tmp_path)
    with pytest.raises(ConfigError, match="no checkout of voxgate"):
        ask("strict")


@pytest.mark.parametrize("command", ["strict", "lenient"])
def test_a_path_that_would_be_misread_is_refused(command: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="move the checkout"):
        ask(command, "--root", str(tmp_path / "what?"))


def test_a_current_folder_that_is_gone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ConfigError, match="was removed"):
        ask("strict")
    os.chdir(tmp_path)


@pytest.mark.parametrize(
    "words",
    ["run", "status", "doctor", "ui", "data version", "audit log", "corpus fetch", "deploy"],
)
def test_a_real_command_asks_for_its_checkout_before_anything_else(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, words.split())
    assert isinstance(result.exception, ConfigError)
    assert list(tmp_path.iterdir()) == []
