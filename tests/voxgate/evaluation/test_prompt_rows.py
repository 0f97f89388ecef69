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


CHINESE: dict[str, Any] = {
    **ROW, "text": "别付3元，3元。", "normalised": "别付三元,三元.",
    "critical": ["别", "三元", "三元"],
}  # fmt: skip


def test_critical_runs_of_characters_are_named_in_their_order(tmp_path: Path) -> None:
    path, faults = tmp_path / "prompts.zh.jsonl", list[str]()
    path.write_text(json.dumps(CHINESE), encoding="utf-8")
    assert list(read_rows(path, faults, in_runs=True)) == [(1, CHINESE)]


@pytest.mark.parametrize(
    ("critical", "expected"),
    [
        (["三元", "别"], "'别' is not in ',三元.'; runs of characters are named as they stand"),
        (["三元"] * 3, "'三元' is not in '.'"),
        ([3], "expected characters of normalised, got 3"),
        (["，"], "expected characters of normalised, got '，'"),
    ],
)
def test_a_run_that_is_not_there_is_named(
    tmp_path: Path, critical: list[Any], expected: str
) -> None:
    path, faults = tmp_path / "prompts.zh.jsonl", list[str]()
    path.write_text(json.dumps({**CHINESE, "critical": critical}), encoding="utf-8")
    assert not list(read_rows(path, faults, in_runs=True))
    assert faults[0].startswith(f"line 1: critical: {expected}")
