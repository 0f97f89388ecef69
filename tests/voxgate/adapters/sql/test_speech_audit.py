"""The audit of speech on both databases of the ledger; PostgreSQL with the slow tests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.speech_records import START, make_batch, make_record
from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.speech_audit import SqlSpeechAudit
from voxgate.anchor import Anchor
from voxgate.errors import LedgerTamperedError
from voxgate.serving.audit.chain import Batch, SpeechQuery
from voxgate.settings import Settings

TABLES = ("speech_audit_batches", "speech_audit_records")


@pytest.fixture
def database(ledger_url: str) -> Database:
    return open_database(Settings(ledger_url=SecretStr(ledger_url)), Path())


@pytest.fixture
def audit(database: Database) -> SqlSpeechAudit:
    return SqlSpeechAudit(database, clock=lambda: START)


def _execute(database: Database, statement: str) -> None:
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def _without_triggers(database: Database) -> None:
    for table in TABLES:
        if database.url.get_backend_name() == "postgresql":
            _execute(database, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            for name in ("update", "delete", "replace"):
                _execute(database, f"DROP TRIGGER {table}_no_{name}")


def _asked(audit: SqlSpeechAudit, **query: object) -> list[str]:
    return [s.record.request_id for s in audit.find(SpeechQuery(**query))]  # type: ignore[arg-type]


def test_batches_are_read_back_from_another_connection(
    audit: SqlSpeechAudit, database: Database
) -> None:
    record = make_record(1, text="Grüße 日本\x00'", profile=None)
    assert audit.append(Batch(batch_id="one", contents=(record.content(),)))
    assert audit.append(make_batch("two", 2, 3))
    assert audit.append(Batch(batch_id="torn", contents=(), dropped=1))
    other = SqlSpeechAudit(database)
    assert other.verify() == other.rows()[-1]
    assert [(r.sequence, r.batch_id, r.records, r.dropped) for r in other.rows()] == [
        (1, "one", 1, 0),
        (2, "two", 2, 0),
        (3, "torn", 0, 1),
    ]
    (found,) = other.find(SpeechQuery(request_id="r-1"))
    assert (found.batch, found.number, found.record) == (1, 1, record)


def test_a_batch_is_appended_once_and_never_with_other_records(audit: SqlSpeechAudit) -> None:
    assert audit.append(make_batch("one", 1, 2))
    assert not audit.append(make_batch("one", 1, 2))
    for other in (make_batch("one", 1), replace(make_batch("one", 1, 2), dropped=1)):
        with pytest.raises(LedgerTamperedError, match=r"batch one .* with other records"):
            audit.append(other)
    assert _asked(audit) == ["r-1", "r-2"]


def test_deliverers_that_race_make_one_chain_with_each_batch_once(
    audit: SqlSpeechAudit, database: Database
) -> None:
    batches = [make_batch(f"b{n}", n) for n in range(8)] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(SqlSpeechAudit(database).append, batches))
    assert sum(answers) == 8
    assert audit.verify() is not None
    assert sorted(_asked(audit)) == sorted(f"r-{n}" for n in range(8))


def test_records_are_found_by_request_version_profile_and_time(audit: SqlSpeechAudit) -> None:
    audit.append(make_batch("one", 1, 2))
    audit.append(make_batch("two", 3, version=2, profile="anna@3"))
    audit.append(make_batch("three", 4, version=2, profile="annabel@1", model="other"))
    audit.append(make_batch("four", 5, profile=None))
    assert _asked(audit, request_id="r-2") == ["r-2"]
    assert _asked(audit, version=2) == ["r-3", "r-4"]
    assert _asked(audit, version=2, model="other") == ["r-4"]
    assert _asked(audit, profile="anna") == ["r-1", "r-2", "r-3"]
    assert _asked(audit, profile="anna@3") == ["r-3"]
    assert _asked(audit, profile="ann_") == []
    moment = START + timedelta(seconds=3)
    assert _asked(audit, since=moment) == ["r-3", "r-4", "r-5"]
    assert _asked(audit, until=moment) == ["r-1", "r-2"]
    assert _asked(audit, limit=2) == ["r-4", "r-5"]
    audit.append(make_batch("delivered late", 0))
    assert _asked(audit, limit=2) == ["r-4", "r-5"]
    assert _asked(audit, profile="anna") == ["r-0", "r-1", "r-2", "r-3"]
    assert _asked(audit, request_id="' OR 1=1 --") == []


@pytest.mark.parametrize(("table", "column"), [(TABLES[0], "records"), (TABLES[1], "version")])
def test_the_database_refuses_to_change_a_row(
    audit: SqlSpeechAudit, database: Database, table: str, column: str
) -> None:
    audit.append(make_batch("one", 1))
    of_one_backend = {
        "postgresql": f"TRUNCATE {table}",
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    }[database.url.get_backend_name()]
    for statement in (f"UPDATE {table} SET {column} = 7", f"DELETE FROM {table}", of_one_backend):
        with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
            _execute(database, statement)
    assert audit.verify() is not None


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE speech_audit_records SET content = replace(content, 'shop', 'shot') "
         "WHERE batch = 2 AND number = 1", "record_altered: batch 2"),
        ("UPDATE speech_audit_records SET request_id = 'r-9' WHERE batch = 2 AND number = 1",
         "record_altered: batch 2: what a record is searched by"),
        ("DELETE FROM speech_audit_records WHERE batch = 2 AND number = 2",
         "record_missing: batch 2 was sealed with 2 records, 1 are there"),
        ("INSERT INTO speech_audit_records SELECT batch, 3, request_id, model, version, profile, "
         "started_at, content FROM speech_audit_records WHERE batch = 2 AND number = 1",
         "record_added: batch 2 was sealed with 2 records, 3 are there"),
        ("INSERT INTO speech_audit_records SELECT 9, number, request_id, model, version, profile, "
         "started_at, content FROM speech_audit_records WHERE batch = 1",
         "record_added: records of batch 9"),
        ("UPDATE speech_audit_batches SET dropped = 1 WHERE sequence = 2", "altered: event 2"),
        ("DELETE FROM speech_audit_batches WHERE sequence = 2",
         "missing: event 3: event 2 is not there"),
    ],
)  # fmt: skip
def test_whatever_is_altered_removed_or_added_is_found(
    audit: SqlSpeechAudit, database: Database, statement: str, told: str
) -> None:
    for name, numbers in {"one": (1,), "two": (2, 3), "three": (4,)}.items():
        audit.append(make_batch(name, *numbers))
    audit.verify()
    _without_triggers(database)
    _execute(database, statement)
    with pytest.raises(LedgerTamperedError, match=told):
        audit.verify()


def test_an_answer_rests_on_a_batch_that_was_verified(
    audit: SqlSpeechAudit, database: Database
) -> None:
    audit.append(make_batch("one", 1, 2))
    audit.append(make_batch("two", 3))
    _without_triggers(database)
    _execute(database, "DELETE FROM speech_audit_records WHERE batch = 1 AND number = 2")
    assert _asked(audit, request_id="r-3") == ["r-3"]
    with pytest.raises(LedgerTamperedError, match="record_missing"):
        audit.find(SpeechQuery(request_id="r-1"))


def test_a_tail_that_was_cut_off_shows_against_a_remembered_head(
    audit: SqlSpeechAudit, database: Database
) -> None:
    audit.append(make_batch("one", 1))
    audit.append(make_batch("two", 2))
    head = audit.rows()[-1].head
    assert audit.verify([head]) is not None
    _without_triggers(database)
    _execute(database, "DELETE FROM speech_audit_records WHERE batch = 2")
    _execute(database, "DELETE FROM speech_audit_batches WHERE sequence = 2")
    audit.verify()
    with pytest.raises(LedgerTamperedError, match="truncated"):
        audit.verify([head])


def test_nothing_is_appended_after_a_row_that_was_altered(
    audit: SqlSpeechAudit, database: Database
) -> None:
    audit.append(make_batch("one", 1))
    _without_triggers(database)
    _execute(database, "UPDATE speech_audit_batches SET records = 2")
    with pytest.raises(LedgerTamperedError, match="does not match its digest"):
        audit.append(make_batch("two", 2))
    assert len(audit.rows()) == 1


def _cut_off_after(sequence: int, database: Database) -> None:
    _without_triggers(database)
    _execute(database, f"DELETE FROM speech_audit_records WHERE batch > {sequence}")
    _execute(database, f"DELETE FROM speech_audit_batches WHERE sequence > {sequence}")


def test_the_checkout_remembers_what_was_appended(database: Database, tmp_path: Path) -> None:
    anchor = Anchor(tmp_path / "heads" / "speech.txt")
    audit = SqlSpeechAudit(database, anchor=anchor)
    audit.append(make_batch("one", 1))
    assert anchor.heads() == (audit.rows()[-1].head,)
    anchor.note(f"9:{'0' * 64}")
    with pytest.raises(LedgerTamperedError, match="truncated: event 9 was remembered outside"):
        audit.append(make_batch("two", 2))
    assert len(audit.rows()) == 1


def test_a_cut_chain_is_not_gone_on_with_until_the_cut_is_forgotten(
    database: Database, tmp_path: Path
) -> None:
    anchor = Anchor(tmp_path / "speech.txt")
    audit = SqlSpeechAudit(database, anchor=anchor)
    for number, name in enumerate(("one", "two", "three"), start=1):
        audit.append(make_batch(name, number))
    _cut_off_after(1, database)
    for _ in range(3):  # as many as were cut: the place alone does not do
        with pytest.raises(LedgerTamperedError, match="truncated"):
            audit.append(make_batch("four", 4))
    for question in (audit.verify, lambda: audit.find(SpeechQuery(request_id="r-1"))):
        with pytest.raises(LedgerTamperedError, match="truncated"):
            question()
    assert anchor.heads()[0].startswith("3:")


def test_a_chain_that_was_cut_and_gone_on_with_is_found(database: Database, tmp_path: Path) -> None:
    audit = SqlSpeechAudit(database, anchor=Anchor(tmp_path / "speech.txt"))
    audit.append(make_batch("one", 1))
    audit.append(make_batch("two", 2))
    _cut_off_after(1, database)
    SqlSpeechAudit(database).append(make_batch("forged", 3))
    with pytest.raises(LedgerTamperedError, match="rewritten: event 2 was remembered outside"):
        audit.verify()


def test_a_head_that_could_not_be_noted_is_noted_when_the_batch_comes_again(
    database: Database, tmp_path: Path
) -> None:
    SqlSpeechAudit(database).append(make_batch("one", 1))
    anchor = Anchor(tmp_path / "speech.txt")
    assert not SqlSpeechAudit(database, anchor=anchor).append(make_batch("one", 1))
    assert anchor.heads()[0].startswith("1:")
