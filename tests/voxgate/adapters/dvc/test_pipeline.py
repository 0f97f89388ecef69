"""The stage graph as dvc.lock tells it."""

import pytest

from voxgate.adapters.dvc.pipeline import candidate_digest
from voxgate.errors import StageError


@pytest.mark.parametrize(
    "text", ["stages: [", "stages: {a: 1, a: 2}", "010: x", "a: &a [*a]", "\x00"]
)
def test_a_damaged_lock_says_what_to_do(tmp_path, text):
    (tmp_path / "dvc.lock").write_text(text, encoding="utf-8")
    with pytest.raises(StageError, match="remove the file, and `voxgate run` writes it anew"):
        candidate_digest(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "3", "stages: 3", "schema: '2.0'"])
def test_a_lock_without_stages_is_a_run_that_has_not_been(tmp_path, text):
    (tmp_path / "dvc.lock").write_text(text, encoding="utf-8")
    with pytest.raises(StageError, match="has no ingest, validate"):
        candidate_digest(tmp_path)
