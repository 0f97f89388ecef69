"""Leases on both databases of the ledger; PostgreSQL with the slow tests."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.releases import MODEL, make_origin
from voxgate.adapters.sql import leases as lease_sql
from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.leases import Lease, LeaseTable
from voxgate.adapters.sql.ledger import SqlLedger
from voxgate.adapters.sql.schema import LEASES
from voxgate.errors import ExternalServiceError, LeaseLostError, LockHeldError
from voxgate.release import candidates
from voxgate.settings import Settings

ROOT = Path(__file__).resolve().parents[4]
NAME = "monitor:voice-test"


@pytest.fixture
def database(ledger_url: str) -> Database:
    return open_database(Settings(ledger_url=SecretStr(ledger_url)), Path())


def _take(database: Database) -> int:
    with LeaseTable(database).hold(NAME, purpose="second") as lease:
        return lease.token


def _wait_until_taken(database: Database, *, longest_s: float) -> int:
    """Take the lease as soon as it is free; returns its token."""
    end = time.monotonic() + longest_s
    while True:
        try:
            return _take(database)
        except LockHeldError:
            assert time.monotonic() < end, "the lease did not become free"
            time.sleep(0.02)


def test_the_second_comer_is_told_who_holds_it_since_when_and_until_when(
    database: Database,
) -> None:
    who = re.escape(f"by the nightly monitor (pid {os.getpid()} on {socket.gethostname()}, ")
    with LeaseTable(database).hold(NAME, purpose="the nightly monitor", ttl_s=90):
        with pytest.raises(LockHeldError, match=f"{NAME} is held {who}since .*, until ") as error:
            _take(database)
        with LeaseTable(database).hold("another name", purpose="second"):
            pass
    since, until = re.findall(r"\d{4}-\d\d-\d\dT\S+\+00:00", str(error.value))
    held = datetime.fromisoformat(until) - datetime.fromisoformat(since)
    assert 89 <= held.total_seconds() <= 91


def test_it_is_free_after_it_was_given_back_and_every_holder_has_a_larger_token(
    database: Database,
) -> None:
    assert [_take(database) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(KeyError), LeaseTable(database).hold(NAME, purpose="fails"):
        raise KeyError
    assert _take(database) == 5


def test_a_heartbeat_keeps_it_for_longer_than_it_lives(database: Database) -> None:
    with LeaseTable(database).hold(NAME, purpose="first", ttl_s=1.0, heartbeat_s=0.1) as lease:
        time.sleep(1.5)
        lease.assert_held()
        with pytest.raises(LockHeldError, match="held by first"):
            _take(database)


def test_a_heartbeat_must_come_before_the_end(database: Database) -> None:
    table = LeaseTable(database)
    with pytest.raises(ValueError, match="expected 0 < heartbeat_s < ttl_s, got 2 and 1"):
        table.hold(NAME, purpose="first", ttl_s=1, heartbeat_s=2).__enter__()


def test_of_many_who_come_at_once_one_holds_it(database: Database) -> None:
    comers, barrier, outcomes = 6, threading.Barrier(6), []
    done = threading.Barrier(6)

    def come() -> None:
        barrier.wait()
        try:
            with LeaseTable(database).hold(NAME, purpose="comer"):
                outcomes.append("holds")
                done.wait(timeout=20)
        except LockHeldError:
            outcomes.append("refused")
            done.wait(timeout=20)

    threads = [threading.Thread(target=come) for _ in range(comers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["holds", *["refused"] * (comers - 1)]


def test_the_clock_of_this_machine_does_not_matter(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    with LeaseTable(database).hold(NAME, purpose="first"):
        monkeypatch.setattr(time, "time", lambda: real() + 86400)
        with pytest.raises(LockHeldError):
            _take(database)
    monkeypatch.setattr(time, "time", lambda: real() - 86400)
    assert _take(database) == 2


@contextmanager
def _without_heart(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lease]:
    """Hold a lease that ran out, as a process does that was paused."""
    monkeypatch.setattr(lease_sql, "_beat", lambda *_arguments: None)
    with LeaseTable(database).hold(NAME, purpose="sleeper", ttl_s=0.05) as lease:
        time.sleep(0.1)
        yield lease


def test_a_holder_whose_lease_ran_out_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _without_heart(database, monkeypatch) as lease:
        with pytest.raises(LeaseLostError, match=r"ran out at .* and was not renewed"):
            lease.assert_held()
        with pytest.raises(LeaseLostError), lease.writing():
            pytest.fail("the transaction of a lease that ran out began")


def test_a_holder_that_was_overtaken_is_told_by_whom_and_writes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = SqlLedger(database)
    _take(database)
    with _without_heart(database, monkeypatch) as lease:
        with LeaseTable(database).hold(NAME, purpose="the next one"):
            with pytest.raises(LeaseLostError, match=r"holds token 2, .* 3, taken by the next one"):
                lease.assert_held()
            with pytest.raises(LeaseLostError), lease.writing() as connection:
                connection.execute(sa.delete(LEASES))

            def guarded(book, _now):
                lease.assert_held()
                return candidates.register(book, make_origin())

            with pytest.raises(LeaseLostError):
                ledger.append(MODEL, guarded)
        assert _take(database) == 4
    assert ledger.rows() == ()


def test_a_holder_that_cannot_ask_does_not_go_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments):
        raise sa.exc.OperationalError("SELECT", {}, Exception("the server went away"))

    with LeaseTable(database).hold(NAME, purpose="first") as lease:
        with monkeypatch.context() as patch:
            patch.setattr(database.engine, "connect", away)
            with pytest.raises(ExternalServiceError, match="the server went away"):
                lease.assert_held()
        lease.assert_held()


HOLD = """
import sys
from pathlib import Path
from pydantic import SecretStr
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.errors import LeaseLostError
from voxgate.settings import Settings

database = open_database(Settings(ledger_url=SecretStr(sys.argv[1])), Path())
with LeaseTable(database).hold(sys.argv[2], purpose="child", ttl_s=float(sys.argv[3])) as lease:
    print(lease.token, flush=True)
    sys.stdin.readline()
    try:
        lease.assert_held()
    except LeaseLostError as error:
        print("lost:", error, flush=True)
    else:
        print("held", flush=True)
"""


@contextmanager
def _child(url: str, ttl_s: float) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, url, NAME, str(ttl_s)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "1\n"
        try:
            yield child
        finally:
            child.kill()


def test_a_killed_holder_frees_it_within_its_time_to_live(
    database: Database, ledger_url: str
) -> None:
    ttl_s = 2.0
    with _child(ledger_url, ttl_s) as child:
        child.kill()
        assert child.wait() == -signal.SIGKILL
        with database.reading() as connection:
            until_s = connection.execute(sa.select(LEASES.c.until_s)).scalar_one()
            assert until_s - lease_sql.database_time(connection) <= ttl_s
        with pytest.raises(LockHeldError, match=rf"held by child \(pid {child.pid} "):
            _take(database)
        assert _wait_until_taken(database, longest_s=30) == 2


def test_a_paused_holder_finds_out_that_it_was_overtaken(
    database: Database, ledger_url: str
) -> None:
    with _child(ledger_url, 0.6) as child:
        child.send_signal(signal.SIGSTOP)
        assert _wait_until_taken(database, longest_s=30) == 2
        child.send_signal(signal.SIGCONT)
        answer, _ = child.communicate("\n", timeout=30)
    assert answer.startswith(f"lost: {NAME}: this process holds token 1, the newest is 2, taken by")
