"""The recipe of a candidate is what its stages were given, whatever they made of it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from voxgate.adapters.dvc.pipeline import data_used, read_recipe
from voxgate.errors import StageError
from voxgate.stage import STAGES

Lock = dict[str, Any]


def make_lock() -> Lock:
    stages = {}
    for number, stage in enumerate(STAGES):
        before = f"build/{STAGES[number - 1]}" if number else "data"
        stages[stage] = {
            "cmd": f"python -m tasks {stage}",
            "deps": [
                {"path": before, "md5": "1" * 32},
                {"path": f"tasks/stages/{stage}.py", "md5": "2" * 32},
            ],
            "params": {"params.yaml": {stage: {"seed": 1}}},
            "outs": [{"path": f"build/{stage}", "md5": "3" * 32}],
        }
    return {"schema": "2.0", "stages": stages}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Lock], Any]:
    def read(lock: Lock) -> Any:
        (tmp_path / "dvc.lock").write_text(yaml.safe_dump(lock))
        return read_recipe(tmp_path)

    return read


def test_the_data_that_the_stages_ran_on_is_in_the_lock_file(
    read: Callable[[Lock], Any], tmp_path: Path
) -> None:
    assert data_used(tmp_path) is None
    read(make_lock())
    assert data_used(tmp_path) == "1" * 32


def test_what_stages_make_is_no_part_of_it(read: Callable[[Lock], Any]) -> None:
    other = make_lock()
    for number, stage in enumerate(STAGES):
        other["stages"][stage]["outs"][0]["md5"] = "9" * 32
        if number:
            other["stages"][stage]["deps"][0]["md5"] = "9" * 32
    assert read(other) == read(make_lock())


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "change",
    [
        lambda stage: stage["deps"][-1].update(md5="9" * 32),
        lambda stage: stage["params"].update({"params.yaml": {"seed": 2}}),
        lambda stage: stage.update(cmd="python -m other"),
    ],
    ids=["code", "params", "command"],
)
def test_what_a_stage_is_given_is(
    read: Callable[[Lock], Any], stage: str, change: Callable[[Lock], None]
) -> None:
    other = deepcopy(make_lock())
    change(other["stages"][stage])
    before, after = read(make_lock()), read(other)
    assert (before.voice == after.voice) == (stage == "evaluate")
    assert (before.measurement == after.measurement) == (stage != "evaluate")


def test_other_recordings_are_another_recipe(read: Callable[[Lock], Any]) -> None:
    other = make_lock()
    other["stages"]["ingest"]["deps"][0]["md5"] = "9" * 32
    assert read(other).voice != read(make_lock()).voice


def test_a_stage_that_has_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"dvc\.lock has no ingest, validate"):
        read_recipe(tmp_path)


@pytest.mark.parametrize(
    "text", ["stages: [", "stages: {a: 1, a: 2}", "010: x", "a: &a [*a]", "\x00"]
)
def test_a_damaged_lock_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "dvc.lock").write_text(text, encoding="utf-8")
    with pytest.raises(StageError, match="remove the file, and `voxgate run` writes it anew"):
        read_recipe(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "3", "stages: 3", "schema: '2.0'"])
def test_a_lock_without_stages_is_a_run_that_has_not_been(tmp_path: Path, text: str) -> None:
    (tmp_path / "dvc.lock").write_text(text, encoding="utf-8")
    with pytest.raises(StageError, match="has no ingest, validate"):
        read_recipe(tmp_path)
