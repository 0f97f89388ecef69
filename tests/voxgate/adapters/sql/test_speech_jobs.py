"""Jobs on both databases; PostgreSQL with the slow tests."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.speech_jobs import make_draft
from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.speech_jobs import SqlJobStore
from voxgate.errors import LeaseLostError, SpeechRequestError
from voxgate.serving.jobs.records import JobError, JobStatus, UnknownJobError
from voxgate.serving.jobs.transitions import (
    MAX_DELIVERIES,
    MAX_SILENT,
    cancel,
    fail,
    hand_back,
    renew,
)
from voxgate.serving.requests import Lane
from voxgate.settings import Settings


@pytest.fixture
def database(ledger_url: str) -> Database:
    return open_database(Settings(ledger_url=SecretStr(ledger_url)), Path())


@pytest.fixture
def store(database: Database) -> SqlJobStore:
    return SqlJobStore(database)


def _age(database: Database, seconds: float) -> None:
    """Let time pass, for every row."""
    columns = ("created_at_s", "expires_at_s", "due_at_s", "sent_at_s")
    moves = ", ".join(f"{column} = {column} - {seconds}" for column in columns)
    with database.writing() as connection:
        connection.execute(sa.text(f"UPDATE speech_jobs SET {moves}"))


def test_what_is_submitted_comes_back_as_it_was(store: SqlJobStore) -> None:
    draft = make_draft(text="Ärger “mit” Zeichen\x00, und zwei\nZeilen.")
    made = store.submit(draft)
    assert not made.replayed
    assert store.job(made.job.id) == made.job
    assert (made.job.caller, made.job.request) == (draft.caller, draft.request)
    assert made.job.status is JobStatus.QUEUED


def test_the_same_key_with_the_same_payload_is_the_same_job(store: SqlJobStore) -> None:
    first = store.submit(make_draft())
    again = store.submit(replace(make_draft(), caller=replace(make_draft().caller, trace_id="1")))
    assert (again.replayed, again.job) == (True, first.job)
    assert store.submitted(make_draft()) == first.job
    assert store.submitted(make_draft(2)) is None
    assert store.submitted(make_draft(key_id="bert")) is None


def test_the_same_key_with_another_payload_is_refused(store: SqlJobStore) -> None:
    first = store.submit(make_draft()).job
    for other in (make_draft(text="Else."), make_draft(format="mp3")):
        with pytest.raises(SpeechRequestError, match=f"used for job {first.id}") as error:
            store.submit(other)
        assert error.value.code == "idempotency_key_reused"
        with pytest.raises(SpeechRequestError, match=f"used for job {first.id}"):
            store.submitted(other)
    assert store.jobs() == [first]


def test_keys_of_other_callers_and_routes_are_other_keys(store: SqlJobStore) -> None:
    drafts = [make_draft(), make_draft(key_id="bert"), make_draft(route="/other")]
    assert len({store.submit(draft).job.id for draft in drafts}) == 3


def test_of_many_who_submit_one_key_at_once_one_makes_the_job(store: SqlJobStore) -> None:
    found, barrier = [], threading.Barrier(6)

    def come() -> None:
        barrier.wait()
        found.append(store.submit(make_draft()))

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({made.job.id for made in found}) == 1
    assert sorted(made.replayed for made in found) == [False, *[True] * 5]


def test_nobody_sees_or_changes_the_job_of_another_key(store: SqlJobStore) -> None:
    job = store.submit(make_draft()).job
    with pytest.raises(UnknownJobError, match="no such job"):
        store.job(job.id, key_id="bert")
    with pytest.raises(UnknownJobError):
        store.change(job.id, cancel, key_id="bert")
    with pytest.raises(UnknownJobError):
        store.jobs(key_id="bert", after=job.id)
    assert store.jobs(key_id="bert") == []
    assert store.job(job.id, key_id="anna") == job


def test_lists_are_pages_newest_first_and_by_status(store: SqlJobStore) -> None:
    ids = [store.submit(make_draft(number)).job.id for number in range(5)]
    store.change(ids[1], cancel)
    first = [job.id for job in store.jobs(limit=2)]
    second = [job.id for job in store.jobs(limit=2, after=first[-1])]
    third = [job.id for job in store.jobs(limit=2, after=second[-1])]
    pages = [*first, *second, *third]
    newest_first = sorted(store.jobs(limit=9), key=lambda job: (job.created_at_s, job.id))[::-1]
    assert pages == [job.id for job in newest_first]
    assert sorted(pages) == sorted(ids)
    assert [job.id for job in store.jobs(status=JobStatus.CANCELLED)] == [ids[1]]


def test_a_count_is_of_all_keys_and_by_status(store: SqlJobStore) -> None:
    assert store.counts() == {}
    made = [store.submit(make_draft(number, key_id=f"key{number}")).job for number in range(4)]
    store.change(made[0].id, cancel)
    store.claim(lease_s=60)
    expected = {JobStatus.CANCELLED: 1, JobStatus.RUNNING: 1, JobStatus.QUEUED: 2}
    assert store.counts() == expected


def test_the_urgent_and_then_the_old_come_first(store: SqlJobStore) -> None:
    for number, lane in enumerate([Lane.BATCH, Lane.BATCH, Lane.REAL_TIME]):
        store.submit(make_draft(number, lane=lane))
        time.sleep(0.002)  # SQLite's clock has milliseconds
    taken = [store.claim(lease_s=60)[0].idempotency_key for _ in range(3)]
    assert taken == ["key-2", "key-0", "key-1"]


def test_a_job_is_held_by_one_until_its_lease_ends(store: SqlJobStore, database: Database) -> None:
    store.submit(make_draft())
    [held] = store.claim(lease_s=60)
    assert (held.status, held.attempt, held.silent) == (JobStatus.RUNNING, 1, 0)
    assert store.claim(lease_s=60) == []
    store.change(held.id, partial(renew, lease_s=600), token=1)
    _age(database, 100)
    assert store.claim(lease_s=60) == []
    _age(database, 600)
    [next_one] = store.claim(lease_s=60)
    assert (next_one.id, next_one.attempt, next_one.silent) == (held.id, 2, 1)
    assert store.job(held.id) == next_one


def test_a_stale_token_is_refused_and_changes_nothing(
    store: SqlJobStore, database: Database
) -> None:
    job = store.submit(make_draft()).job
    store.claim(lease_s=1)
    _age(database, 2)
    store.claim(lease_s=60)
    before = store.job(job.id)
    late = partial(fail, error=JobError(code="late", message="too late"))
    with pytest.raises(
        LeaseLostError, match="attempt 1 does not hold it, it is running at attempt 2"
    ):
        store.change(job.id, late, token=1)
    assert store.job(job.id) == before
    assert store.change(job.id, late, token=2).status is JobStatus.FAILED
    with pytest.raises(LeaseLostError, match="it is failed"):
        store.change(job.id, late, token=2)


def test_a_lease_that_ran_out_still_holds_while_nobody_came(
    store: SqlJobStore, database: Database
) -> None:
    job = store.submit(make_draft()).job
    store.claim(lease_s=1)
    _age(database, 50)
    renewed = store.change(job.id, partial(renew, lease_s=60), token=1)
    assert renewed.status is JobStatus.RUNNING
    assert store.claim(lease_s=60) == []


def test_a_cancelled_job_is_lost_to_its_runner(store: SqlJobStore) -> None:
    job = store.submit(make_draft()).job
    store.claim(lease_s=60)
    assert store.change(job.id, cancel).status is JobStatus.CANCELLED
    with pytest.raises(LeaseLostError, match="it is cancelled"):
        store.change(job.id, partial(renew, lease_s=60), token=1)
    assert store.claim(lease_s=60) == []


def _die(store: SqlJobStore, job_id: str) -> None:
    """Take a job and say nothing of it until its lease is over."""
    [job] = store.claim(lease_s=60)
    assert (job.id, job.status) == (job_id, JobStatus.RUNNING)
    store.change(job_id, lambda job, now_s: replace(job, due_at_s=now_s))


def test_a_job_that_kills_all_its_runners_ends_as_poison(store: SqlJobStore) -> None:
    submitted = store.submit(make_draft()).job
    for _ in range(MAX_SILENT):
        _die(store, submitted.id)
    [job] = store.claim(lease_s=60)
    assert (job.status, job.attempt) == (JobStatus.FAILED, MAX_SILENT)
    assert job.error is not None
    assert job.error.code == "poison"
    assert store.claim(lease_s=60) == []


def test_a_job_whose_runners_tell_that_it_is_the_text_ends_sooner(store: SqlJobStore) -> None:
    submitted = store.submit(make_draft()).job
    back = partial(
        hand_back, error=JobError(code="worker_lost", message="died"), pause_s=0, counted=True
    )
    for number in range(MAX_DELIVERIES):
        _die(store, submitted.id)  # a machine that goes down in between is nobody's fault
        [job] = store.claim(lease_s=60)
        assert (job.status, job.deliveries) == (JobStatus.RUNNING, number)
        store.change(job.id, back, token=job.attempt)
    [job] = store.claim(lease_s=60)
    assert (job.status, job.silent) == (JobStatus.FAILED, MAX_DELIVERIES)
    assert job.error is not None
    assert job.error.message.endswith("the last: died")


def test_a_job_that_is_handed_back_waits_and_is_not_counted(
    store: SqlJobStore, database: Database
) -> None:
    job = store.submit(make_draft()).job
    back = partial(hand_back, error=None, pause_s=30, counted=False)
    for attempt in range(1, MAX_DELIVERIES + 3):
        assert store.claim(lease_s=60)[0].attempt == attempt
        assert store.change(job.id, back, token=attempt).deliveries == 0
        assert store.claim(lease_s=60) == []
        _age(database, 31)


def test_a_job_whose_time_is_over_expires(store: SqlJobStore, database: Database) -> None:
    store.submit(make_draft(time_to_live_s=10.0))
    _age(database, 11)
    [job] = store.claim(lease_s=60)
    assert (job.status, job.attempt) == (JobStatus.EXPIRED, 0)


def test_only_ids_that_are_named_are_taken(store: SqlJobStore) -> None:
    ids = [store.submit(make_draft(number)).job.id for number in range(3)]
    assert [job.id for job in store.claim(lease_s=60, limit=5, ids=[ids[1], "job_x"])] == [ids[1]]


def test_a_sweep_finds_what_nobody_carries_once_a_period(
    store: SqlJobStore, database: Database
) -> None:
    lost, running = (store.submit(make_draft(number)).job for number in (1, 2))
    assert store.sweep(silent_s=60, limit=9).due == []
    store.claim(lease_s=600, ids=[running.id])
    _age(database, 61)
    assert [job.id for job in store.sweep(silent_s=60, limit=9).due] == [lost.id]
    assert store.sweep(silent_s=60, limit=9).due == []
    _age(database, 600)
    assert {job.id for job in store.sweep(silent_s=60, limit=9).due} == {lost.id, running.id}


def test_a_sweep_ends_what_had_its_last_turn(store: SqlJobStore, database: Database) -> None:
    store.submit(make_draft(1, time_to_live_s=10.0))
    _age(database, 61)
    swept = store.sweep(silent_s=60, limit=9)
    assert [job.status for job in swept.ended] == [JobStatus.EXPIRED]
    assert swept.due == []
    assert store.jobs() == list(swept.ended)


def test_many_runners_get_every_job_once(store: SqlJobStore) -> None:
    ids = {store.submit(make_draft(number)).job.id for number in range(40)}
    taken: list[str] = []
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        while jobs := store.claim(lease_s=60, limit=3):
            taken.extend(job.id for job in jobs)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A claim that met only locked rows ends its runner early; what it left is taken here.
    taken += [job.id for job in store.claim(lease_s=60, limit=40)]
    assert len(taken) == len(ids)
    assert set(taken) == ids


@pytest.mark.parametrize(
    "ledger_url", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
def test_the_claims_of_two_transactions_do_not_wait_for_each_other(
    store: SqlJobStore, database: Database
) -> None:
    ids = [store.submit(make_draft(number)).job.id for number in range(2)]
    with database.engine.connect() as connection, connection.begin():
        query = sa.text("SELECT id FROM speech_jobs WHERE id = :id FOR UPDATE")
        connection.execute(query, {"id": ids[0]})
        assert [job.id for job in store.claim(lease_s=60, limit=2)] == [ids[1]]
