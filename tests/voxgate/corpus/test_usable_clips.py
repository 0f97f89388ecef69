from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.validated_clips import clips, write_validated
from voxgate.corpus.usable_clips import read_usable_file
from voxgate.corpus.validated_clips import read_validated_file
from voxgate.errors import StageError


def test_they_are_the_clips_of_the_table_that_may_be_trained_on(tmp_path: Path) -> None:
    rows = [*clips(3, cut=80), *clips(1, status="quarantined", speaker="bob")]
    made, _ = write_validated(tmp_path, rows)
    path = made.stage_dir("validate") / "clips.parquet"
    whole = [clip for clip in read_validated_file(path) if clip.usable]
    found = list(read_usable_file(path))
    assert [clip.recording_id for clip in found] == [
        clip.ingested.recording.recording_id for clip in whole
    ]
    assert [(c.train_text, c.language) for c in found] == [
        (c.train_text, c.ingested.recording.language) for c in whole
    ]
    assert found[0].duration_s == pytest.approx(3.49)
    assert (found[0].snr_db, found[0].speech_rate, found[0].speaker_cosine) == (35.0, None, None)


def test_an_absent_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"clips\.parquet is missing"):
        list(read_usable_file(tmp_path / "clips.parquet"))
