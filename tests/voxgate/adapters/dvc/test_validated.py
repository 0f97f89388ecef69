"""Which validation belongs to a data version, by DVC's notes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.dvc_checkout import copy_checkout, note_validation
from voxgate.adapters.dvc.data import version_at
from voxgate.adapters.dvc.validated import find_validated


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout")


def test_a_version_that_nobody_validated_has_no_table(root: Path) -> None:
    assert find_validated(root, version_at(root, "HEAD")) is None


def test_the_table_is_found_by_the_data_that_went_in(root: Path) -> None:
    version = version_at(root, "HEAD")
    note_validation(root, version, b"a table")
    found = find_validated(root, version)
    assert found is not None
    assert found.path.read_bytes() == b"a table"
    assert find_validated(root, "0" * 32 + ".dir") is None


def test_of_two_runs_the_newest_counts_and_rules_tell_them_apart(root: Path) -> None:
    version = version_at(root, "HEAD")
    first = note_validation(root, version, b"old rules", code="1", locked=False)
    os.utime(first, (1, 1))
    before = find_validated(root, version)
    note_validation(root, version, b"new rules", code="2", locked=False)
    found = find_validated(root, version)
    assert before is not None
    assert found is not None
    assert found.path.read_bytes() == b"new rules"
    assert found.rules != before.rules


def test_a_table_that_was_swept_from_the_cache_is_not_there(root: Path) -> None:
    version = version_at(root, "HEAD")
    note_validation(root, version, b"a table")
    found = find_validated(root, version)
    assert found is not None
    found.path.unlink()
    assert find_validated(root, version) is None


def test_a_note_that_was_cut_short_says_nothing(root: Path) -> None:
    version = version_at(root, "HEAD")
    note = note_validation(root, version, b"a table", locked=False)
    note.write_text(note.read_text(encoding="utf-8") + "outs: [", encoding="utf-8")
    assert find_validated(root, version) is None
