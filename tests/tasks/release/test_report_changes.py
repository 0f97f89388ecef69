"""What two versions were made from, set beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.release.report_changes import compare_code, compare_params
from voxgate.errors import EvidenceMissingError
from voxgate.files import write_text
from voxgate.strict_yaml import dump_yaml


def _lock(deps: dict[str, str]) -> str:
    listed = [{"path": path, "md5": md5} for path, md5 in deps.items()]
    return dump_yaml({"schema": "2.0", "stages": {"train": {"cmd": "c", "deps": listed}}})


@pytest.fixture
def before(tmp_path: Path) -> Path:
    write_text(tmp_path / "a" / "params.yaml", dump_yaml({"train": {"steps": 4, "old": 1}}))
    deps = {"voxgate/a.py": "1", "voxgate/b.py": "1", "build/ingest": "1", "data": "1"}
    write_text(tmp_path / "a" / "dvc.lock", _lock(deps))
    return tmp_path / "a"


@pytest.fixture
def now(tmp_path: Path) -> Path:
    write_text(tmp_path / "b" / "params.yaml", dump_yaml({"train": {"steps": 6, "new": {"x": 2}}}))
    deps = {"voxgate/a.py": "2", "voxgate/c.py": "1", "build/ingest": "2", "data": "2"}
    write_text(tmp_path / "b" / "dvc.lock", _lock(deps))
    return tmp_path / "b"


def test_each_parameter_that_differs_is_named(before: Path, now: Path) -> None:
    assert compare_params(before, now) == (
        ("train.new.x", "–", "2"),
        ("train.old", "1", "–"),
        ("train.steps", "4", "6"),
    )
    assert compare_params(now, now) == ()


def test_each_file_of_code_that_differs_is_named_and_nothing_that_a_stage_made(
    before: Path, now: Path
) -> None:
    assert compare_code(before, now) == (
        "voxgate/a.py: changed",
        "voxgate/b.py: removed",
        "voxgate/c.py: added",
    )


def test_what_was_not_stored_is_said(before: Path, now: Path) -> None:
    (now / "dvc.lock").unlink()
    with pytest.raises(EvidenceMissingError, match=r"dvc\.lock was not stored with the version"):
        compare_code(before, now)
