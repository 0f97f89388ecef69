from __future__ import annotations

import asyncio
import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.speech_records import make_record
from voxgate.errors import OverloadedError, StorageError
from voxgate.serving.audit.record import Outcome, SpeechRecord
from voxgate.serving.audit.segments import predecessor, read_segment, successor, taken_segment
from voxgate.serving.audit.spool import RECORD_BYTES, SpeechSpool

MEBIBYTE = 1 << 20
ANSWER_BYTES = 2 * RECORD_BYTES
"""A note and a record."""


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[SpeechSpool]:
    made = SpeechSpool(tmp_path / "spool", max_bytes=MEBIBYTE, segment_records=3)
    yield made
    made.close()


def _segments(spool: SpeechSpool) -> list[Path]:
    return sorted(spool.folder.glob("*.spool"), key=lambda path: path.name)


def test_a_record_lies_in_the_file_when_append_returns(spool: SpeechSpool) -> None:
    record = make_record(1)
    spool.append(record)
    (path,) = _segments(spool)
    assert read_segment(path).contents == (record.content(),)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700


def test_an_open_segment_is_held_and_an_ended_one_is_not(spool: SpeechSpool) -> None:
    spool.append(make_record(1))
    (path,) = _segments(spool)
    with taken_segment(path) as mine:
        assert not mine
    spool.seal()
    with taken_segment(path) as mine:
        assert mine


def test_a_segment_ends_when_it_is_full(spool: SpeechSpool) -> None:
    for number in range(1, 6):
        spool.append(make_record(number))
    assert sorted(len(read_segment(path).contents) for path in _segments(spool)) == [2, 3]


def test_a_full_spool_refuses_speech_before_it_begins(tmp_path: Path) -> None:
    spool = SpeechSpool(tmp_path, max_bytes=2 * ANSWER_BYTES)
    rooms = [spool.reserve(), spool.reserve()]
    with pytest.raises(OverloadedError, match=r"its spool is full.*VOXGATE_LEDGER_URL") as caught:
        spool.reserve()
    assert (caught.value.retry_after_s > 0, caught.value.yours) == (True, False)
    rooms[0].leave()
    rooms[0].leave()
    assert spool.used_bytes == ANSWER_BYTES
    spool.reserve()


def test_what_lies_there_counts_whoever_wrote_it_and_room_comes_back(tmp_path: Path) -> None:
    (tmp_path / "older.spool").write_bytes(bytes(ANSWER_BYTES))
    spool = SpeechSpool(tmp_path, max_bytes=2 * ANSWER_BYTES - 1)
    with pytest.raises(OverloadedError):
        spool.reserve()
    (tmp_path / "older.spool").unlink()
    spool.reserve()


def test_a_text_that_is_kept_needs_its_room(tmp_path: Path) -> None:
    spool = SpeechSpool(tmp_path, max_bytes=ANSWER_BYTES + 100)
    with pytest.raises(OverloadedError):
        spool.reserve("a" * 1000)
    spool.reserve().leave()
    worst = make_record(1, text="\\ud800" * 100, profile="p" * 200, key_id="é" * 200)
    assert len(worst.content().encode()) < RECORD_BYTES + 7 * 100


def test_room_is_free_again_once_the_record_is_written(spool: SpeechSpool) -> None:
    async def run() -> None:
        room = spool.reserve()
        await room.write(make_record(1))
        room.leave()

    asyncio.run(run())
    (path,) = _segments(spool)
    assert spool.used_bytes == path.stat().st_size


def test_a_caller_that_goes_away_does_not_take_the_record_with_it(spool: SpeechSpool) -> None:
    begun, go_on = threading.Event(), threading.Event()

    async def run() -> None:
        spool._writer.submit(begun.set)
        spool._writer.submit(go_on.wait, 10)
        begun.wait(10)
        task = asyncio.create_task(spool.reserve().write(make_record(1)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()

    asyncio.run(run())
    spool.close()
    assert [len(read_segment(path).contents) for path in _segments(spool)] == [1]


def test_records_from_many_threads_are_all_whole(tmp_path: Path) -> None:
    spool = SpeechSpool(tmp_path, max_bytes=64 * MEBIBYTE, segment_records=7)

    def write(first: int) -> None:
        for number in range(first, first + 25):
            spool.append(make_record(number))

    threads = [threading.Thread(target=write, args=(first,)) for first in range(0, 100, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool.close()
    segments = [read_segment(path) for path in _segments(spool)]
    assert sum(len(set(segment.contents)) for segment in segments) == 100
    assert not any(segment.torn or segment.damaged for segment in segments)


def test_a_disk_that_takes_half_a_record_leaves_the_file_as_it_was_and_stops_speech(
    spool: SpeechSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.append(make_record(1))
    real_write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: real_write(handle, data[:9]))
        with pytest.raises(StorageError, match="not kept"):
            spool.append(make_record(2))

    def refuse(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(StorageError, match="cannot be accounted for"):
            spool.reserve()
    spool.reserve().leave()
    spool.append(make_record(3))
    (path,) = _segments(spool)
    segment = read_segment(path)
    assert (len(segment.contents), segment.torn, segment.damaged) == (2, False, 0)
    assert [entry.suffix for entry in spool.folder.iterdir()] == [".spool"]


def test_a_folder_that_is_none_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    with pytest.raises(StorageError):
        SpeechSpool(tmp_path / "spool" / "x", max_bytes=MEBIBYTE)


def _died(number: int, **changes: Any) -> SpeechRecord:
    return make_record(number, outcome=Outcome.DIED, **changes)


def test_a_note_lies_in_the_file_when_it_was_taken_and_the_end_takes_its_place(
    spool: SpeechSpool,
) -> None:
    spool.note("a", _died(1, sentences=1))
    (path,) = _segments(spool)
    assert read_segment(path).under_way == {"a": _died(1, sentences=1).content()}
    spool.note("a", _died(1))
    assert read_segment(path).under_way == {"a": _died(1).content()}
    spool.append(make_record(1), "a")
    segment = read_segment(path)
    assert (segment.under_way, segment.contents) == ({}, (make_record(1).content(),))


def test_what_is_under_way_goes_on_in_the_next_segment(spool: SpeechSpool) -> None:
    spool.note("a", _died(1, sentences=1))
    spool.seal()
    assert len(_segments(spool)) == 1  # nothing in it can be delivered yet
    spool.append(make_record(2))
    spool.note("a", _died(1))
    spool.seal()
    older, newer = _segments(spool)
    assert (predecessor(newer), successor(older)) == (older, newer)
    assert read_segment(newer).under_way == {"a": _died(1).content()}
    assert spool.used_bytes == older.stat().st_size + newer.stat().st_size
    spool.append(make_record(1), "a")
    spool.close()
    assert read_segment(newer).contents == (make_record(1).content(),)


def test_a_record_that_was_not_kept_leaves_its_note_and_goes_on_nowhere(
    spool: SpeechSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.note("a", _died(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: 9)
        with pytest.raises(StorageError, match="not kept"):
            spool.append(make_record(1), "a")
    spool.append(make_record(2))
    spool.seal()
    (path,) = _segments(spool)
    assert set(read_segment(path).under_way) == {"a"}


def test_a_segment_that_cannot_be_mended_is_held_until_its_notes_are_in_another(
    spool: SpeechSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, length: int) -> None:
        raise OSError("Input/output error")

    spool.note("a", _died(1))
    (older,) = _segments(spool)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: 9)
        patch.setattr(os, "ftruncate", refuse)
        with pytest.raises(StorageError, match="not kept"):
            spool.append(make_record(2))
    with taken_segment(older) as mine:
        assert not mine
    spool.append(make_record(3))
    newer = successor(older)
    assert newer is not None
    assert set(read_segment(newer).under_way) == {"a"}
