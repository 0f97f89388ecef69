"""Promotion and rollback with a real registry, and with a registry that is away."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasks.release.approve import approve, reject
from tasks.release.promote import name_gold, promote, quarantine, roll_back
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import (
    ApproverError,
    ExternalServiceError,
    LedgerTamperedError,
    NothingToRollBackError,
    QuarantinedVersionError,
    ReleaseError,
)
from voxgate.release import candidates
from voxgate.release.audit import log, verify
from voxgate.release.policy import BASE_ACTOR
from voxgate.release.states import State
from voxgate.settings import Settings
from voxgate.wiring.release import open_registry

ROOT = Path(__file__).resolve().parents[3]


def _release(site: ReleaseSite, number: int) -> int:
    version = site.offer(number)
    approve(site.desk, version, by="anna", reason="sounds right")
    return version


def _story(site: ReleaseSite) -> list[tuple[Any, ...]]:
    """Return the ledger without times and digests: what two runs must agree on."""
    return [(e.kind, e.version, e.actor, e.reason) for e in log(site.desk.ledger.rows())]


def test_rollback_and_quarantine_are_followed_by_the_registry(release_site: ReleaseSite) -> None:
    one, two, three = (_release(release_site, number) for number in (1, 2, 3))
    assert release_site.aliases() == {"champion": three, "previous": two}
    answer = roll_back(release_site.desk, to=None, by="anna", reason="it hums")
    assert answer.live == two
    assert release_site.aliases() == {"champion": two, "previous": one}
    quarantine(release_site.desk, two, by="anna", reason="it swears")
    assert release_site.aliases() == {"previous": one}
    with pytest.raises(QuarantinedVersionError):
        roll_back(release_site.desk, to=two, by="anna", reason="oops")
    assert roll_back(release_site.desk, to=None, by="bob", reason="silence").live == one
    with pytest.raises(NothingToRollBackError):
        roll_back(release_site.desk, to=None, by="bob", reason="further")
    assert verify(release_site.desk.ledger.rows()) == []


def test_a_replay_voice_is_rehearsed_in_a_drill_ledger_and_nowhere_else(
    release_site: ReleaseSite,
) -> None:
    with pytest.raises(ReleaseError, match="kind 'replay' cannot enter the ledger of 'voice-"):
        release_site.register(1, voice_kind="replay")
    assert release_site.desk.ledger.rows() == ()
    root = release_site.root / "rehearsal"
    drill = ReleaseSite.create(
        root, release_site.mlflow_uri, model_name=f"drill-{release_site.desk.model}"
    )
    version = drill.offer(1, voice_kind="replay")
    answer = approve(drill.desk, version, by="anna", reason="a rehearsal")
    assert (answer.state, answer.live) == ("live", version)
    assert drill.aliases() == {"champion": version}


def test_gold_is_an_alias_too(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1)
    name_gold(release_site.desk, one, by="anna", reason="the studio take")
    assert release_site.aliases() == {"champion": one, "gold": one}


def test_a_registry_that_is_away_does_not_hold_a_promotion_up(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = release_site.offer(1)
    away = Settings(mlflow_tracking_uri="http://127.0.0.1:9")
    root = release_site.root
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    desk = replace(release_site.desk, connect=partial(open_registry, away, root))
    answer = approve(desk, version, by="anna", reason="sounds right")
    assert (answer.state, answer.live) == ("live", version)
    assert answer.registry_problem is not None
    assert "127.0.0.1:9" in answer.registry_problem
    assert release_site.aliases() == {"challenger": version}
    assert promote(release_site.desk, version, by="anna").event is None
    assert release_site.aliases() == {"champion": version}


KILLED = """
import os, sys
from pathlib import Path
from tasks.release import approve
from tasks.release import promote
from voxgate.release import desk as release_desk
from tests.fakes.release_site import ReleaseSite

def stop(*_arguments, **_options):
    print("reached", flush=True)
    sys.stdin.read()

point, root, uri = sys.argv[1:4]
site = ReleaseSite(Path(root), uri)
desk = site.desk
if point == "before the commit of the approval":
    import sqlalchemy
    sqlalchemy.event.listen(desk.ledger.database.engine, "commit", stop)
elif point == "after the approval, before the promotion":
    approve.promote = stop
elif point == "before the commit of the promotion":
    import sqlalchemy
    def only_promotions(connection):
        row = connection.exec_driver_sql(
            "SELECT kind FROM release_events ORDER BY sequence DESC LIMIT 1").scalar()
        if row == "promoted":
            stop()
    sqlalchemy.event.listen(desk.ledger.database.engine, "commit", only_promotions)
elif point == "after the commit, before the registry":
    release_desk.Desk.answer = stop
elif point == "between two aliases of the registry":
    import mlflow
    mlflow.MlflowClient.delete_registered_model_alias = stop
approve.approve(desk, int(sys.argv[4]), by="anna", reason="sounds right")
"""
KILL_POINTS = (
    pytest.param("before the commit of the approval", marks=pytest.mark.slow),
    pytest.param("after the approval, before the promotion", marks=pytest.mark.slow),
    pytest.param("before the commit of the promotion", marks=pytest.mark.slow),
    "after the commit, before the registry",
    pytest.param("between two aliases of the registry", marks=pytest.mark.slow),
)


@pytest.mark.parametrize("point", KILL_POINTS)
def test_a_killed_approval_given_again_ends_like_an_uninterrupted_one(
    point: str, tmp_path: Path, mlflow_uri: str
) -> None:
    killed = ReleaseSite.create(tmp_path / "killed" / "checkout", mlflow_uri)
    whole = ReleaseSite.create(tmp_path / f"whole-{os.getpid()}" / "checkout", mlflow_uri)
    version = killed.offer(1)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, point, str(killed.root), mlflow_uri, str(version)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "reached\n"
    child.send_signal(signal.SIGKILL)
    assert child.wait(timeout=30) == -signal.SIGKILL
    child.stdout.close()
    child.stdin.close()
    approve(killed.desk, version, by="anna", reason="sounds right")
    assert whole.offer(1) == version
    approve(whole.desk, version, by="anna", reason="sounds right")
    assert _story(killed) == _story(whole)
    assert killed.aliases() == whole.aliases() == {"champion": version}
    assert verify(killed.desk.ledger.rows()) == []


def _cut_tail(site: ReleaseSite, sequence: int) -> None:
    """Remove the last rows, as whoever owns the database can."""
    database = sqlite3.connect(site.root / ".voxgate" / "ledger" / "ledger.db")
    with closing(database), database:
        database.execute("DROP TRIGGER release_events_no_delete")
        database.execute("DELETE FROM release_events WHERE sequence > ?", (sequence,))


@pytest.mark.parametrize("noted", ["here", "in the registry"])
def test_nothing_is_decided_on_a_ledger_whose_tail_was_cut(
    release_site: ReleaseSite, noted: str
) -> None:
    _release(release_site, 1)
    version = release_site.offer(2)
    quarantine(release_site.desk, version, by="bob", reason="it swears")
    if noted == "in the registry":
        shutil.rmtree(release_site.root / ".voxgate" / "heads")
    _cut_tail(release_site, len(release_site.desk.ledger.rows()) - 1)
    before = release_site.desk.ledger.rows()
    for decide in (
        lambda: approve(release_site.desk, version, by="anna", reason="listened"),
        lambda: reject(release_site.desk, version, by="anna", reason="listened"),
        lambda: name_gold(release_site.desk, version, by="anna", reason="listened"),
        lambda: roll_back(release_site.desk, to=None, by="anna", reason="listened"),
    ):
        with pytest.raises(LedgerTamperedError, match="was remembered outside"):
            decide()
    assert release_site.desk.ledger.rows() == before
    # The emergency stop is held up by nothing, and the cut stays to be seen.
    assert quarantine(release_site.desk, version, by="bob", reason="still").state == "quarantined"
    assert verify(
        release_site.desk.ledger.rows(), heads=release_site.desk.remembered_heads.values()
    )


def test_a_checkout_without_a_memory_of_its_own_decides(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    assert approve(release_site.desk, version, by="anna", reason="listened").live == version
    (head,) = (release_site.root / ".voxgate" / "heads").iterdir()
    last = release_site.desk.ledger.rows()[-1]
    assert head.read_text() == f"{last.sequence}:{last.digest}\n"


class _Overtaking:
    """A ledger in which somebody takes a newer token before every append, and which is busy."""

    def __init__(self, ledger: Any, busy: int) -> None:
        self._ledger, self._busy = ledger, busy

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def append(self, model: str, decide: Any, **options: Any) -> Any:
        self._busy -= 1
        if self._busy >= 0:
            raise ExternalServiceError("database is locked")
        self._ledger.take_fence(model, holder="somebody else")
        return self._ledger.append(model, decide, **options)


def test_quarantine_needs_no_token_and_tries_a_busy_database_again(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.release.promote.EMERGENCY_PAUSES_S", (0.0, 0.0, 0.0))
    one = _release(release_site, 1)
    desk = release_site.desk
    answer = quarantine(
        replace(desk, ledger=_Overtaking(desk.ledger, busy=3)), one, by="cron", reason="it swears"
    )
    assert (answer.state, answer.live, answer.previous) == ("quarantined", None, None)


@pytest.mark.parametrize("by", ["policy:auto", "Policy:monitor", "an\u200bna", "", "anna\nbob"])
def test_an_emergency_stop_is_pulled_by_a_person(release_site: ReleaseSite, by: str) -> None:
    one = _release(release_site, 1)
    with pytest.raises(ReleaseError):
        quarantine(release_site.desk, one, by=by, reason="it swears")
    assert release_site.desk.ledger.read(release_site.desk.model).live == one


def test_a_decision_keeps_the_account_that_took_it(release_site: ReleaseSite) -> None:
    one = _release(release_site, 1)
    for event in log(release_site.desk.ledger.rows())[-2:]:
        assert event.facts["login"] == dict(release_site.desk.login)
        assert event.facts["login"]["uid"] == str(os.getuid())
    assert not release_site.desk.answer(one, None).same_login


@pytest.mark.parametrize("by", ["cron", "policy:base", "Policy:auto", "pollcy:base"])
def test_gold_is_named_by_a_person_who_may_approve_it(release_site: ReleaseSite, by: str) -> None:
    version = release_site.offer(1)
    with pytest.raises(ReleaseError):
        name_gold(release_site.desk, version, by=by, reason="my best work")
    assert release_site.desk.ledger.read(release_site.desk.model).gold is None


def test_a_trained_candidate_does_not_pass_for_the_base(release_site: ReleaseSite) -> None:
    """Not even inside the ledger's rules, before there is any gold or verdict."""
    desk, version = release_site.desk, release_site.register(1, recipe_digest="7" * 64)
    with pytest.raises(ApproverError, match="is the name of a policy"):
        desk.append(
            lambda book, _now: candidates.name_gold(
                book, version, desk.policy, by=BASE_ACTOR, reason="it is the base"
            )
        )


def test_gold_is_not_banned_by_who_trained_it(release_site: ReleaseSite) -> None:
    """With gold would go the bar; its trainer's own stop is a rollback."""
    version = _release(release_site, 1)
    name_gold(release_site.desk, version, by="anna", reason="studio take")
    with pytest.raises(ApproverError, match="trained version 1"):
        quarantine(release_site.desk, version, by="cron", reason="in my way")
    assert release_site.desk.ledger.read(release_site.desk.model).gold == version
    assert quarantine(release_site.desk, version, by="bob", reason="hum").live is None


def test_a_ban_wins_against_a_promotion_that_was_under_way(release_site: ReleaseSite) -> None:
    """Many rounds of two threads on one SQLite file; whatever the order, it is not live."""
    for number in range(1, 9):
        version = release_site.offer(number)
        barrier = threading.Barrier(2)

        def ban(version: int = version, barrier: threading.Barrier = barrier) -> None:
            desk = release_site.desk
            barrier.wait(timeout=30)
            quarantine(desk, version, by="bob", reason="it swears")

        def release(version: int = version, barrier: threading.Barrier = barrier) -> None:
            desk = release_site.desk
            barrier.wait(timeout=30)
            with suppress(ReleaseError):
                approve(desk, version, by="anna", reason="sounds right")

        with ThreadPoolExecutor(2) as pool:
            for each in [pool.submit(ban), pool.submit(release)]:
                each.result(timeout=60)
        book = release_site.desk.ledger.read(release_site.desk.model)
        assert book.require(version).state is State.QUARANTINED
        assert book.live is None
