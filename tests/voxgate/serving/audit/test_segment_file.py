from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fakes.speech_records import make_record
from voxgate.serving.audit.lines import frame
from voxgate.serving.audit.segment_file import SegmentFile
from voxgate.serving.audit.segments import read_segment, taken_segment

NOTE = frame(make_record().content(), kind="begun", name="ab")


def test_a_segment_has_its_name_and_its_head_at_once_and_is_held_until_it_ends(
    tmp_path: Path,
) -> None:
    segment = SegmentFile(tmp_path, "a-1", NOTE)
    (path,) = tmp_path.iterdir()
    assert path.name == "a-1.spool"
    assert read_segment(path).begun == {"ab"}
    with taken_segment(path) as mine:
        assert not mine
    segment.end()
    with taken_segment(path) as mine:
        assert mine


def test_a_segment_whose_head_does_not_fit_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda handle, data: 9)
    with pytest.raises(OSError, match="half a record"):
        SegmentFile(tmp_path, "a-1", NOTE)
    assert list(tmp_path.iterdir()) == []


def test_half_a_line_that_cannot_be_taken_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = SegmentFile(tmp_path, "a-1")

    def refuse(handle: int, length: int) -> None:
        raise OSError("Input/output error")

    real_write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real_write(handle, data[:9]))
    with pytest.raises(OSError, match="half a record"):
        segment.write(NOTE)
    assert not segment.spoilt
    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(OSError, match="half a record"):
        segment.write(NOTE)
    assert segment.spoilt
    segment.end()
