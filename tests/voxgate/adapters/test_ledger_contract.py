"""What every database of the ledger has to do; SQLite always, PostgreSQL with the slow tests."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.releases import (
    MODEL,
    POLICY,
    START,
    enter,
    make_ballot,
    make_decision,
    make_judgement,
    make_origin,
    placed,
)
from voxgate.adapters.sql import schema as ledger_schema
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.adapters.sql.ledger import SqlLedger, open_ledger
from voxgate.adapters.sql.schema import EVENTS
from voxgate.errors import (
    ApproverError,
    ClockError,
    LedgerSchemaError,
    LedgerTamperedError,
    NothingToRollBackError,
    QuarantinedVersionError,
    ReleaseConflictError,
    StaleTokenError,
)
from voxgate.release import approvals, candidates, promotions
from voxgate.release.audit import verify
from voxgate.release.book import Book
from voxgate.release.events import parse_row, seal
from voxgate.release.listening import session as listening
from voxgate.release.states import State
from voxgate.settings import Settings

RACES = 500
STOPS = 40
RACERS = 2
ROOT = Path(__file__).resolve().parents[3]


def _open(url: str, clock: Callable[[], datetime] | None = None) -> SqlLedger:
    settings = Settings(ledger_url=SecretStr(url))
    if clock is None:
        return open_ledger(settings, Path())
    return open_ledger(settings, Path(), clock=clock)


def _execute(ledger: SqlLedger, statement: str) -> None:
    engine = sa.create_engine(ledger.database.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def _promote(ledger: SqlLedger, version: int, model: str = MODEL) -> Any:
    live = ledger.read(model).live
    return ledger.append(
        model,
        lambda book, now: promotions.promote(book, version, expected_live=live, by="anna", now=now),
    )


def test_a_release_is_read_back_from_another_connection(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    assert _promote(ledger, 1).sequence == 4
    book = _open(ledger_url).read(MODEL)
    assert book.live == 1
    assert verify(_open(ledger_url).rows()) == []
    assert _open(ledger_url).read("another").releases == {}


def test_votes_are_read_back_and_leave_the_state_alone(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    _promote(ledger, 1)
    enter(ledger, 2, approve=False)
    ballot = make_ballot(preferred=2, note="weniger Brummen “ä”")
    first = ledger.append(MODEL, lambda book, _now: listening.cast(book, ballot))
    assert first is not None
    assert ledger.append(MODEL, lambda book, _now: listening.cast(book, ballot)) is None
    second = replace(ballot, preferred=1)
    ledger.append(MODEL, lambda book, _now: listening.cast(book, second))
    release = _open(ledger_url).read(MODEL).require(2)
    (vote,) = release.votes.values()
    assert (vote.answer, vote.blind) == ((1, None, "weniger Brummen “ä”"), False)
    assert release.state is State.PENDING
    assert verify(_open(ledger_url).rows()) == []


def test_models_share_one_chain(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    enter(ledger, 1, model="another")
    assert [row.sequence for row in ledger.rows()] == [1, 2, 3, 4, 5, 6]
    assert verify(ledger.rows()) == []
    assert ledger.read("another").last_event != ledger.read(MODEL).last_event


def test_what_is_refused_leaves_the_ledger_as_it_was(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1, approve=False)
    before = ledger.rows()
    with pytest.raises(ApproverError):
        ledger.append(
            MODEL,
            lambda book, now: approvals.approve(book, make_decision(1, by="cron"), POLICY, now=now),
        )
    assert ledger.rows() == before


def test_a_newer_token_overtakes_an_older_one(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    old = ledger.take_fence(MODEL, holder="sleeper")
    new = ledger.take_fence(MODEL, holder="bob")
    assert new.token == old.token + 1

    def promote(book: Any, now: datetime) -> Any:
        return promotions.promote(book, 1, expected_live=None, by="anna", now=now)

    with pytest.raises(StaleTokenError, match=r"began with token 1, the newest is 2 \(bob\)"):
        ledger.append(MODEL, promote, fence=old)
    assert ledger.append(MODEL, promote, fence=new) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE release_events SET actor = 'mallory' WHERE sequence = 1",
        "DELETE FROM release_events WHERE sequence = 3",
    ],
)
def test_the_database_refuses_to_change_a_row(ledger_url: str, statement: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    with pytest.raises(sa.exc.DBAPIError, match="release_events is append-only"):
        _execute(ledger, statement)
    assert verify(ledger.rows()) == []


def test_the_database_refuses_its_own_ways_around(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    statement = (
        "TRUNCATE release_events"
        if ledger_url.startswith("postgresql")
        else "INSERT OR REPLACE INTO release_events SELECT sequence, model, version, kind, 'm', "
        "reason, at, facts, previous, digest FROM release_events WHERE sequence = 1"
    )
    with pytest.raises(sa.exc.DBAPIError, match="release_events is append-only"):
        _execute(ledger, statement)


def _without_triggers(ledger: SqlLedger) -> None:
    if ledger.database.url.get_backend_name() == "postgresql":
        _execute(ledger, "ALTER TABLE release_events DISABLE TRIGGER ALL")
        return
    for name in ("no_update", "no_delete", "no_replace"):
        _execute(ledger, f"DROP TRIGGER release_events_{name}")


def test_nothing_is_decided_on_an_altered_row(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    _without_triggers(ledger)
    _execute(ledger, "UPDATE release_events SET actor = 'mallory' WHERE sequence = 3")
    assert [(f.sequence, f.code) for f in verify(ledger.rows())] == [(3, "altered")]
    with pytest.raises(LedgerTamperedError, match="event 3 of the ledger"):
        _promote(ledger, 1)
    assert len(ledger.rows()) == 3


def test_a_removed_row_is_found(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    _without_triggers(ledger)
    _execute(ledger, "DELETE FROM release_events WHERE sequence = 2")
    assert [(f.sequence, f.code) for f in verify(ledger.rows())] == [(3, "missing")]


@pytest.mark.parametrize("older", range(1, len(ledger_schema.MIGRATIONS)))
def test_a_ledger_of_an_older_schema_is_brought_up_to_date_with_its_rows(
    older: int, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        known = ledger_schema.MIGRATIONS[:older]
        patch.setattr(ledger_schema, "MIGRATIONS", known)
        patch.setattr("voxgate.adapters.sql.database.MIGRATIONS", known)
        enter(_open(ledger_url), 1)
    ledger = _open(ledger_url)
    assert ledger.take_fence(MODEL, holder="anna").token == 1
    with LeaseTable(ledger.database).hold("registry", purpose="repair") as lease:
        lease.assert_held()
    assert ledger.read(MODEL).releases.keys() == {1}
    assert verify(ledger.rows()) == []


def test_a_ledger_of_a_newer_schema_is_refused_and_left_alone(ledger_url: str) -> None:
    ledger = _open(ledger_url)
    _execute(ledger, "INSERT INTO ledger_schema (version) VALUES (99)")
    known = len(ledger_schema.MIGRATIONS)
    with pytest.raises(LedgerSchemaError, match=f"has schema 99, this voxgate knows {known}; up"):
        _open(ledger_url)


def test_a_clock_that_jumped_back_is_refused(ledger_url: str) -> None:
    time = [datetime.now(UTC)]
    ledger = _open(ledger_url, clock=lambda: time[0])
    enter(ledger, 1)
    time[0] -= timedelta(hours=2)
    with pytest.raises(ClockError, match="a clock that jumped back"):
        _promote(ledger, 1)
    assert ledger.read(MODEL).live is None


KILLED = """
import sys
from pathlib import Path
import sqlalchemy
from pydantic import SecretStr
from tests.voxgate.adapters.test_ledger_contract import _open, _promote

def stop(_connection):
    print("written, not committed", flush=True)
    sys.stdin.read()

ledger = _open(sys.argv[1])
sqlalchemy.event.listen(ledger.database.engine, "commit", stop)
_promote(ledger, 1)
"""


def test_a_promoter_killed_before_its_commit_leaves_nothing_and_holds_nobody_up(
    ledger_url: str,
) -> None:
    ledger = _open(ledger_url)
    enter(ledger, 1)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, ledger_url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written, not committed\n"
        child.kill()
    assert child.returncode == -signal.SIGKILL
    assert ledger.read(MODEL).live is None
    assert _promote(ledger, 1).sequence == 4
    assert verify(ledger.rows()) == []


def _prepare_races(ledger: SqlLedger) -> None:
    """Write, in one transaction, models whose versions 1 and 2 are both approved."""
    row, rows = None, []
    for race in range(RACES):
        book = Book(model=f"voice-{race}")
        for number in range(1, RACERS + 1):
            judgement, decision = make_judgement(number), make_decision(number)
            for draft in (
                lambda book, n=number: candidates.register(book, make_origin(n)),
                lambda book, n=number, j=judgement: candidates.judge(
                    book, n, placed(book, n, j), by="gate", reason="j", now=START
                ),
                lambda book, d=decision: approvals.approve(book, d, POLICY, now=START),
            ):
                row = seal(draft(book), after=row, now=START)
                rows.append(vars(row))
                book = book.after(parse_row(row))
    engine = sa.create_engine(ledger.database.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.insert(EVENTS), rows)


def _race(url: str, racer: int, barrier: Barrier, results: Any) -> None:
    """Promote version `racer` of one model after the other, each time against the others."""
    ledger = _open(url)
    for race in range(RACES):
        model = f"voice-{race}"
        barrier.wait()
        try:
            fence = ledger.take_fence(model, holder=f"racer {racer}")
            ledger.append(
                model,
                lambda book, now: promotions.promote(
                    book, racer, expected_live=None, by=f"racer {racer}", now=now
                ),
                fence=fence,
            )
        except ReleaseConflictError as error:
            results.put((race, racer, type(error).__name__))
        else:
            results.put((race, racer, "won"))


@pytest.mark.slow
def test_of_racing_promoters_exactly_one_wins_and_the_other_is_told(ledger_url: str) -> None:
    """500 races between processes; the losers get ReleaseConflictError or StaleTokenError."""
    ledger = _open(ledger_url)
    _prepare_races(ledger)
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(RACERS, timeout=60), context.Queue()
    racers = [
        context.Process(target=_race, args=(ledger_url, racer, barrier, results))
        for racer in range(1, RACERS + 1)
    ]
    for process in racers:
        process.start()
    outcomes = [results.get(timeout=120) for _ in range(RACES * RACERS)]
    for process in racers:
        process.join(timeout=30)
        assert process.exitcode == 0
    by_race: dict[int, dict[str, int]] = {}
    for race, racer, outcome in outcomes:
        by_race.setdefault(race, {})[outcome] = racer
    assert len(by_race) == RACES
    for race, answers in by_race.items():
        assert len(answers) == RACERS, f"race {race}: {answers}"
        assert ledger.read(f"voice-{race}").live == answers["won"]
    winners = {answers["won"] for answers in by_race.values()}
    assert winners == {1, 2}, "one racer always came first: nothing was raced"
    assert verify(ledger.rows()) == []


def _stop_while_others_go_on(url: str, model: str, barrier: Barrier, results: Any) -> None:
    """Quarantine version 2 of a model at the same moment as somebody releases it."""
    ledger = _open(url)
    barrier.wait()
    event = ledger.append(
        model,
        lambda book, _now: promotions.quarantine(book, 2, POLICY, by="bob", reason="it swears"),
    )
    results.put(("quarantine", None if event is None else event.sequence))


def _release_again_and_again(url: str, model: str, barrier: Barrier, results: Any) -> None:
    """Release version 2 by whatever way is open, until the rules forbid it."""
    ledger = _open(url)
    barrier.wait()
    for _ in range(200):
        try:
            fence = ledger.take_fence(model, holder="racer")
            live = ledger.read(model).live
            ledger.append(
                model,
                lambda book, now, live=live: (
                    promotions.promote(book, 2, expected_live=live, by="anna", now=now)
                    if book.require(2).state is State.APPROVED
                    else promotions.roll_back(
                        book,
                        to=1 if book.live == 2 else 2,
                        expected_live=live,
                        by="anna",
                        reason="back and forth",
                    )
                ),
                fence=fence,
            )
        except QuarantinedVersionError:
            results.put(("release", "refused"))
            return
        except (ReleaseConflictError, NothingToRollBackError):
            continue
    results.put(("release", "never refused"))


def test_the_emergency_stop_never_loses_a_race(ledger_url: str) -> None:
    """Against approvals, promotions and rollbacks to the version, each with a newer token."""
    ledger = _open(ledger_url)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        barrier, results = manager.Barrier(2, timeout=60), manager.Queue()
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            for race in range(STOPS):
                model = f"voice-{race}"
                enter(ledger, 1, model=model)
                _promote(ledger, 1, model)
                enter(ledger, 2, model=model)
                for racer in (_stop_while_others_go_on, _release_again_and_again):
                    pool.submit(racer, ledger_url, model, barrier, results)
                assert {results.get(timeout=60)[0] for _ in range(2)} == {"quarantine", "release"}
                book = ledger.read(model)
                assert book.require(2).state is State.QUARANTINED
                assert book.live != 2
    assert verify(ledger.rows()) == []
