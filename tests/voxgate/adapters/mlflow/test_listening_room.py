"""The page that plays samples of the gate, and how much of a large gate it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.fakes.build_tree import write_build_tree
from voxgate.adapters.mlflow import listening_room
from voxgate.adapters.mlflow.listening_room import render_page
from voxgate.adapters.mlflow.pictures import gate_scores
from voxgate.stage import Workspace

CHANGES: list[dict[str, Any]] = [
    {"word_errors": 0},
    {"word_errors": 3},
    {"fault": "voice crashed", "word_errors": None},
    {"word_errors": 1},
    {"word_errors": 0, "catastrophe": ["truncated"]},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a finished build/."""
    return write_build_tree(tmp_path)


@pytest.fixture
def folder(workspace: Workspace) -> Path:
    """Return what `evaluate` left."""
    return workspace.stage_dir("evaluate")


@pytest.fixture
def scores(workspace: Workspace) -> pd.DataFrame:
    """Return one sample of each of five prompts, p0 to p4."""
    first = gate_scores(workspace).iloc[0].to_dict()
    rows = [{**first, **changed, "prompt_id": f"p{n}"} for n, changed in enumerate(CHANGES)]
    return pd.DataFrame(rows, dtype=object)


def _prompts(page: str) -> list[str]:
    return [f"p{number}" for number in range(len(CHANGES)) if f"<td>p{number}<" in page]


def test_a_gate_that_fits_is_shown_whole(folder: Path, scores: pd.DataFrame) -> None:
    page = render_page(scores, folder)
    assert _prompts(page) == ["p0", "p1", "p2", "p3", "p4"]
    assert "First seed of every gate prompt; all seeds are in the folder audio." in page


def test_of_a_larger_gate_the_page_shows_what_went_worst_and_says_so(
    folder: Path, scores: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_room, "PAGE_PROMPTS", 3)
    page = render_page(scores, folder)
    assert _prompts(page) == ["p1", "p2", "p4"]
    assert "First seed of the 3 gate prompts of 5 that went worst" in page
    assert page.count("<audio") == 3
