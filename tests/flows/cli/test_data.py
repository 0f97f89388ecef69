"""`voxgate data diff` as a person and a script see it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.dvc_checkout import copy_checkout

ROOT = Path(__file__).resolve().parents[3]


def test_a_difference_is_text_json_and_a_page(tmp_path: Path) -> None:
    root = copy_checkout(tmp_path / "checkout")
    shutil.copytree(ROOT / "benchmark", root / "benchmark")
    shutil.copy(ROOT / "params.yaml", root)
    asked = ["data", "diff", "--root", str(root)]
    text = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "page")])
    assert text.exit_code == 0, text.output
    assert "recordings added: 0" in text.output
    assert "old: 2 clips (listed), duration not known" in text.output
    assert "class:questions      0 -> 0 (question)" in text.output
    assert "missing in new: sound of 2 clips" in text.output
    page = (tmp_path / "page" / "data_diff.html").read_text(encoding="utf-8")
    assert "class:questions 0 → 0" in page
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    assert found["shape"]["slices"][0]["new"]["examples"] == 0
    assert found["added"] == []
