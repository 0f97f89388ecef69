from __future__ import annotations

from dataclasses import replace

from tests.fakes.speech_records import START, MemoryAudit, make_batch, make_record
from voxgate.hash_chain import find_breaks
from voxgate.serving.audit.chain import Batch, content_digest, find_altered_records, seal_batch

ONE = make_batch("one", 1, 2)


def test_a_row_follows_the_row_before_it() -> None:
    first = seal_batch(ONE, after=None, now=START)
    second = seal_batch(make_batch("two", 3), after=first, now=START)
    assert (first.sequence, second.sequence, second.previous) == (1, 2, first.digest)
    assert (first.records, first.content_digest) == (2, content_digest(ONE.contents))
    assert find_breaks([first, second], [second.head]) == []


def test_a_row_that_is_altered_or_missing_breaks_the_chain() -> None:
    audit = MemoryAudit()
    for number in range(1, 4):
        audit.append(make_batch(str(number), number))
    first, second, third = audit.rows()
    altered = replace(second, dropped=7)
    assert [f.code for f in find_breaks([first, altered, third])] == ["altered"]
    assert [f.code for f in find_breaks([first, third])] == ["missing"]
    assert [f.code for f in find_breaks([first, second], [third.head])] == ["truncated"]


def test_a_record_that_is_altered_removed_added_or_moved_is_found() -> None:
    row = seal_batch(ONE, after=None, now=START)
    one, two = ONE.contents
    other = make_record(1, key_id="mallory").content()
    assert list(find_altered_records(row, (one, two))) == []
    found = [
        [f.code for f in find_altered_records(row, contents)]
        for contents in [(other, two), (two, one), (one,), (one, two, other)]
    ]
    assert found == [["record_altered"], ["record_altered"], ["record_missing"], ["record_added"]]


def test_records_that_were_lost_are_part_of_what_is_sealed() -> None:
    torn = Batch(batch_id="torn", contents=(), dropped=1)
    row = seal_batch(torn, after=None, now=START)
    assert replace(row, dropped=0).expected_digest() != row.digest
