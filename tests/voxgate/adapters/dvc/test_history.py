from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.dvc_checkout import git
from voxgate.adapters.dvc.history import describe_change


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    (tmp_path / "params.yaml").write_text("gate: 1\n")
    return tmp_path


def test_who_changed_it_and_when_is_what_git_says(checkout: Path) -> None:
    assert describe_change(checkout, "params.yaml") == "params.yaml was never committed"
    git(checkout, "add", "params.yaml")
    git(checkout, "commit", "--quiet", "--message", "Set limits")
    said = describe_change(checkout, "params.yaml")
    assert said.startswith("last commit of params.yaml: ")
    assert "by test, 20" in said


def test_what_is_not_committed_is_said(checkout: Path) -> None:
    git(checkout, "add", "params.yaml")
    git(checkout, "commit", "--quiet", "--message", "Set limits")
    (checkout / "params.yaml").write_text("gate: 2\n")
    said = describe_change(checkout, "params.yaml")
    assert said.startswith("params.yaml has changes that are not committed; last commit")


def test_without_git_nobody_knows(tmp_path: Path) -> None:
    said = describe_change(tmp_path, "params.yaml")
    assert said.startswith("who changed params.yaml is not known: Git refuses")
