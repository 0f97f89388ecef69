from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.fakes.speech_records import make_record
from voxgate.errors import StorageError
from voxgate.serving.audit.lines import frame
from voxgate.serving.audit.segments import read_segment, taken_segment

ONE, TWO = (make_record(number, text="日本\nzwei").content() for number in (1, 2))


def test_every_cut_of_a_file_gives_the_whole_records_before_it(tmp_path: Path) -> None:
    path, data = tmp_path / "a.spool", frame(ONE) + frame(TWO)
    for length in range(len(data) + 1):
        path.write_bytes(data[:length])
        segment = read_segment(path)
        whole = (length >= len(frame(ONE))) + (length >= len(data))
        assert segment.contents == (ONE, TWO)[:whole]
        assert segment.torn == (length not in {0, len(frame(ONE)), len(data)})
        assert segment.damaged == 0


@pytest.mark.parametrize("position", [0, 8, 30, -2])
def test_a_byte_that_changed_spoils_its_own_line_only(tmp_path: Path, position: int) -> None:
    line = bytearray(frame(ONE))
    line[position] ^= 1
    (tmp_path / "a.spool").write_bytes(bytes(line) + frame(TWO))
    segment = read_segment(tmp_path / "a.spool")
    assert (segment.contents, segment.torn, segment.damaged) == ((TWO,), False, 1)


def test_a_segment_is_held_by_one_at_a_time_and_not_after_it_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.spool"
    path.touch()
    with taken_segment(path) as mine, taken_segment(path) as yours:
        assert (mine, yours) == (True, False)
    with taken_segment(path) as again:
        assert again
    with taken_segment(tmp_path / "gone.spool") as gone:
        assert not gone


@pytest.mark.parametrize("put_away", ["unlink", "replace"])
def test_a_segment_that_another_put_away_before_the_lock_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, put_away: str
) -> None:
    path = tmp_path / "a.spool"
    path.touch()
    real_flock = fcntl.flock

    def flock_too_late(handle: int, operation: int) -> None:
        if put_away == "unlink":
            path.unlink()
        else:
            path.rename(tmp_path / "a.damaged")
        real_flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", flock_too_late)
    with taken_segment(path) as mine:
        assert not mine


def test_a_segment_that_cannot_be_opened_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "a.spool"
    path.symlink_to(path)
    with pytest.raises(StorageError, match="cannot open"), taken_segment(path):
        pass


def test_a_segment_that_is_a_folder_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot read"):
        read_segment(tmp_path)
