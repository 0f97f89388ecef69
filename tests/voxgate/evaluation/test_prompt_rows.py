from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voxgate.errors import ConfigError
from voxgate.evaluation.prompt_rows import read_rows

ROW: dict[str, Any] = {
    "id": "g-1", "split": "gate", "class": "critical", "text": "Not 2 but 2.",
    "normalised": "Not two but two.", "words": 4, "block": 1, "critical": ["Not", "two", "two"],
}  # fmt: skip


def faults_of(path: Path, row: object) -> list[str]:
    path.write_text(json.dumps(row), encoding="utf-8")
    faults: list[str] = []
    assert not list(read_rows(path, faults))
    return faults


def test_sound_lines_come_with_their_numbers_and_the_others_as_faults(tmp_path: Path) -> None:
    path = tmp_path / "prompts.en.jsonl"
    path.write_text(f"\n{json.dumps(ROW)}\n{{\n{json.dumps(ROW)}\n[1]\n", encoding="utf-8")
    faults: list[str] = []
    assert list(read_rows(path, faults)) == [(2, ROW), (4, ROW)]
    assert [fault.partition(" (")[0] for fault in faults] == [
        "line 3: not JSON",
        "line 5: expected an object, got list",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"critical": ["two"] * 3}, ["'two' is no word of normalised, or named once too often"]),
        ({"critical": ["two but"]}, ["expected single words, got 'two but'"]),
        ({"critical": "two"}, ["expected list, got 'two'"]),
        ({"critical": [2, "three"]}, ["expected single words, got 2", "'three' is no word of"]),
    ],
)
def test_a_critical_word_is_one_word_and_named_as_often_as_it_is_said(
    tmp_path: Path, change: dict[str, Any], expected: list[str]
) -> None:
    faults = faults_of(tmp_path / "prompts.en.jsonl", {**ROW, **change})
    assert len(faults) == len(expected)
    for fault, start in zip(faults, expected, strict=True):
        assert fault.startswith(f"line 1: critical: {start}")


def test_a_missing_file_is_part_of_the_project(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the prompt file is missing; it is part of the project"):
        list(read_rows(tmp_path / "prompts.en.jsonl", []))
