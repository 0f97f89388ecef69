from __future__ import annotations

from pathlib import Path

import pytest

from flows.stage_timeouts import ALLOWANCES, count_clips, time_limit
from voxgate.stage import STAGES


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path


def _list(root: Path, clips: int) -> None:
    lines = ["recording_id,path", *(f"{n},{n}.wav" for n in range(clips))]
    (root / "data" / "manifest.csv").write_text("\n".join(lines) + "\n")


def test_clips_are_the_lines_of_the_manifest(root: Path) -> None:
    assert count_clips(root) == 0
    for clips in (0, 3, 100_000):
        _list(root, clips)
        assert count_clips(root) == clips


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_given_more_time_for_more_clips(root: Path, stage: str) -> None:
    given = ALLOWANCES[stage]
    _list(root, 1000)
    assert time_limit(root, stage, factor=1).seconds == given.base_s + 1000 * given.per_clip_s
    assert (
        time_limit(root, stage, factor=3).seconds == 3 * time_limit(root, stage, factor=1).seconds
    )


def test_validation_of_a_large_corpus_is_not_cut_off(root: Path) -> None:
    """It was measured at half a second a clip at most."""
    _list(root, 100_000)
    assert time_limit(root, "validate", factor=1).seconds > 4 * 0.5 * 100_000


def test_who_ran_out_of_time_is_told_of_what_and_what_to_set(root: Path) -> None:
    _list(root, 20)
    said = time_limit(root, "validate", factor=0.5).explain("validate")
    assert "stage 'validate' was ended after 3620 s with 20 clips" in said
    assert "7200 s and 2 s a clip, times VOXGATE_STAGE_TIME_FACTOR (0.5)" in said
    assert "VOXGATE_WORKERS" in said
    assert "VOXGATE_STAGE_TIME_FACTOR=1)" in said
