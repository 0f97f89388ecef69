from __future__ import annotations

import asyncio
import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.speech_records import MemoryAudit, make_record
from voxgate.errors import ExternalServiceError
from voxgate.serving.audit.chain import SpeechQuery
from voxgate.serving.audit.delivery import Delivery, deliver, deliver_from
from voxgate.serving.audit.lines import frame
from voxgate.serving.audit.record import Outcome, SpeechRecord
from voxgate.serving.audit.segments import taken_segment
from voxgate.serving.audit.spool import SpeechSpool
from voxgate.serving.following import every

AWAY = ExternalServiceError("the database does not answer")


def _spool(folder: Path) -> SpeechSpool:
    return SpeechSpool(folder, max_bytes=1 << 20, segment_records=2)


def _lines(*numbers: int) -> bytes:
    return b"".join(frame(make_record(number).content()) for number in numbers)


def test_ended_segments_become_batches_in_order_and_open_ones_wait(tmp_path: Path) -> None:
    spool, audit = _spool(tmp_path), MemoryAudit()
    for number in range(1, 6):
        spool.append(make_record(number))
        time.sleep(0.01)  # the order of segments is that of their last change
    assert deliver(tmp_path, audit) == Delivery(batches=2, records=4)
    assert audit.request_ids == ["r-1", "r-2", "r-3", "r-4"]
    spool.close()
    assert deliver(tmp_path, audit) == Delivery(batches=1, records=1)
    assert list(tmp_path.iterdir()) == []
    assert audit.verify() is not None


def test_while_the_database_is_away_nothing_is_lost(tmp_path: Path) -> None:
    spool, audit = _spool(tmp_path), MemoryAudit()
    spool.append(make_record(1))
    spool.close()
    audit.fault = AWAY
    with pytest.raises(ExternalServiceError):
        deliver(tmp_path, audit)
    assert len(list(tmp_path.iterdir())) == 1
    audit.fault = None
    assert deliver(tmp_path, audit).records == 1
    assert audit.request_ids == ["r-1"]


def test_a_batch_that_was_committed_before_its_file_was_removed_is_not_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = MemoryAudit()
    (tmp_path / "a.spool").write_bytes(_lines(1, 2))

    def die(self: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(tmp_path, audit)
    assert (tmp_path / "a.spool").exists()
    assert deliver(tmp_path, audit) == Delivery()
    assert audit.request_ids == ["r-1", "r-2"]
    assert list(tmp_path.iterdir()) == []


def test_a_torn_line_is_dropped_reported_and_sealed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    audit = MemoryAudit()
    (tmp_path / "a.spool").write_bytes(_lines(1) + _lines(2)[:50])
    assert deliver(tmp_path, audit) == Delivery(batches=1, records=1, torn=1)
    assert (audit.rows()[0].records, audit.rows()[0].dropped) == (1, 1)
    assert "segment a: 1 records kept, torn end: True" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_segment_keeps_its_whole_records_and_its_file_stays(tmp_path: Path) -> None:
    audit = MemoryAudit()
    spoiled = _lines(1).replace(b"shop", b"shot")
    (tmp_path / "a.spool").write_bytes(spoiled + _lines(2) + frame('{"schema":9}'))
    assert deliver(tmp_path, audit) == Delivery(batches=1, records=1, damaged=2)
    assert audit.request_ids == ["r-2"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.damaged"]
    assert deliver(tmp_path, audit) == Delivery()


def test_what_a_killed_writer_left_before_its_first_record_is_removed(tmp_path: Path) -> None:
    for name, age_s in [("old.opening", 100.0), ("new.opening", 0.0)]:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    (tmp_path / "empty.spool").touch()
    audit = MemoryAudit()
    assert deliver(tmp_path, audit) == Delivery()
    assert [path.name for path in tmp_path.iterdir()] == ["new.opening"]
    assert audit.rows() == ()


def _died(number: int, **changes: Any) -> SpeechRecord:
    return make_record(number, outcome=Outcome.DIED, **changes)


def test_an_answer_without_an_end_is_recorded_once_by_the_last_segment_that_has_it(
    tmp_path: Path,
) -> None:
    spool, audit = SpeechSpool(tmp_path, max_bytes=1 << 20), MemoryAudit()
    spool.note("a", _died(1, sentences=1))
    spool.append(make_record(2))
    spool.seal()
    assert deliver(tmp_path, audit) == Delivery(batches=1, records=1)
    spool.note("a", _died(1))
    spool.close()  # as a kill leaves it
    assert deliver(tmp_path, audit) == Delivery(batches=1, records=1, died=1)
    assert deliver(tmp_path, audit) == Delivery()
    records = [stored.record for stored in audit.find(SpeechQuery())]
    assert records == [make_record(2), _died(1)]


def test_a_kill_before_the_next_segment_has_its_name_leaves_the_notes_to_this_one(
    tmp_path: Path,
) -> None:
    audit = MemoryAudit()
    note = frame(_died(1).content(), kind="begun", name="a")
    (tmp_path / "x-1.spool").write_bytes(note + _lines(2))
    (tmp_path / "x-2.opening").write_bytes(note)
    assert deliver(tmp_path, audit) == Delivery(batches=1, records=2, died=1)
    assert audit.request_ids == ["r-2", "r-1"]


def test_a_segment_waits_for_the_one_before_it(tmp_path: Path) -> None:
    audit = MemoryAudit()
    note = frame(_died(1).content(), kind="begun", name="a")
    first, second = tmp_path / "x-1.spool", tmp_path / "x-2.spool"
    first.write_bytes(note + _lines(2))
    second.write_bytes(note + frame(make_record(1).content(), kind="ended", name="a"))
    with taken_segment(first):
        assert deliver(tmp_path, audit) == Delivery()
    assert deliver(tmp_path, audit) == Delivery(batches=2, records=2)
    assert audit.request_ids == ["r-2", "r-1"]


def test_an_answer_that_died_is_not_doubled_by_a_deliverer_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = MemoryAudit()
    (tmp_path / "x-1.spool").write_bytes(frame(_died(1).content(), kind="begun", name="a"))

    def die(self: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt

    for _ in range(3):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", die)
            with pytest.raises(KeyboardInterrupt):
                deliver(tmp_path, audit)
    assert deliver(tmp_path, audit) == Delivery()
    assert audit.request_ids == ["r-1"]


def test_while_the_database_is_away_segments_are_not_ended_one_after_another(
    tmp_path: Path,
) -> None:
    spool, audit = SpeechSpool(tmp_path, max_bytes=1 << 20), MemoryAudit()
    audit.fault = AWAY
    for number in range(1, 5):
        spool.append(make_record(number))
        with pytest.raises(ExternalServiceError):
            deliver_from(spool, audit)
    assert len(list(tmp_path.iterdir())) == 2
    spool.close()


def test_the_follower_delivers_what_is_open_and_goes_on_after_an_outage(tmp_path: Path) -> None:
    spool, audit = _spool(tmp_path), MemoryAudit()
    audit.fault = AWAY

    work = partial(deliver_from, spool, audit)

    async def run() -> None:
        following = asyncio.create_task(every(0.005, work, without="not delivered"))
        await spool.reserve().write(make_record(1))
        await asyncio.sleep(0.05)
        assert not following.done()
        audit.fault = None
        async with asyncio.timeout(10):
            while spool.used_bytes:
                await asyncio.sleep(0.005)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following

    asyncio.run(run())
    spool.close()
    assert audit.request_ids == ["r-1"]
