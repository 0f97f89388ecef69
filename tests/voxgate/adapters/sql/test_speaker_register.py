"""The register in a database and in memory: one contract, and what only a database has to do."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.speaker_profiles import NOW, MemorySpeakerRegister, make_inputs
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.speaker_register import SqlSpeakerRegister
from voxgate.anchor import Anchor
from voxgate.errors import ClockError, LedgerTamperedError, ProfileStateError
from voxgate.settings import Settings
from voxgate.speakers import decisions
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.profiles import ProfileInputs, State
from voxgate.wiring.speakers import open_speaker_register

ENROLMENTS = 20


def open_sql(url: str, **options: Any) -> SqlSpeakerRegister:
    settings = Settings(ledger_url=SecretStr(url))
    return SqlSpeakerRegister(open_database(settings, Path()), **options)


def enrol(register: SpeakerRegister, inputs: ProfileInputs, by: str = "bob") -> Any:
    return register.append(
        lambda standing, now: decisions.enrol(
            standing, inputs, duration_s=5.0, checks={"snr": 40.0}, by=by, now=now
        )
    )


def revoke(register: SpeakerRegister) -> Any:
    return register.append(
        lambda standing, _now: decisions.revoke(standing, "anna", 1, by="bob", reason="she asked")
    )


@pytest.fixture(params=["sql", "memory"])
def register(request: pytest.FixtureRequest, ledger_url: str) -> SpeakerRegister:
    return MemorySpeakerRegister() if request.param == "memory" else open_sql(ledger_url)


def test_what_was_appended_is_read_back(register: SpeakerRegister) -> None:
    assert register.head() is None
    event = enrol(register, make_inputs())
    assert register.head() == event.head == register.read().head
    assert register.read().require("anna").inputs == make_inputs()
    assert [row.sequence for row in register.rows()] == [1]


def test_the_same_enrolment_adds_nothing(register: SpeakerRegister) -> None:
    enrol(register, make_inputs())
    before = register.rows()
    assert enrol(register, make_inputs(), by="carol") is None
    assert register.rows() == before


def test_a_refusal_leaves_the_register_as_it_was(register: SpeakerRegister) -> None:
    enrol(register, make_inputs())
    revoke(register)
    before = register.rows()
    with pytest.raises(ProfileStateError):
        enrol(register, make_inputs())
    assert register.rows() == before


def test_a_clock_that_jumped_back_stops_an_enrolment_and_no_revocation(ledger_url: str) -> None:
    times = [NOW]
    clock: dict[str, Callable[[], Any]] = {"clock": lambda: times[-1]}
    register = open_sql(ledger_url, **clock)
    enrol(register, make_inputs())
    times.append(NOW - timedelta(hours=1))
    with pytest.raises(ClockError):
        enrol(register, make_inputs(reference="b" * 64))
    assert revoke(register) is not None
    assert open_sql(ledger_url).read().require("anna").state is State.REVOKED


def execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(
        url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE speaker_events SET actor = 'mallory' WHERE sequence = 1",
        "DELETE FROM speaker_events WHERE sequence = 1",
    ],
)
def test_the_database_refuses_to_change_a_row(ledger_url: str, statement: str) -> None:
    register = open_sql(ledger_url)
    enrol(register, make_inputs())
    with pytest.raises(sa.exc.DBAPIError, match="speaker_events is append-only"):
        execute(ledger_url, statement)
    assert register.read().require("anna").version == 1


def test_the_database_refuses_its_own_ways_around(ledger_url: str) -> None:
    enrol(open_sql(ledger_url), make_inputs())
    statement = (
        "TRUNCATE speaker_events"
        if ledger_url.startswith("postgresql")
        else "INSERT OR REPLACE INTO speaker_events SELECT sequence, profile, version, kind, 'm', "
        "reason, at, facts, previous, digest FROM speaker_events WHERE sequence = 1"
    )
    with pytest.raises(sa.exc.DBAPIError, match="speaker_events is append-only"):
        execute(ledger_url, statement)


def without_triggers(url: str) -> list[str]:
    if url.startswith("postgresql"):
        return ["ALTER TABLE speaker_events DISABLE TRIGGER ALL"]
    names = ("no_update", "no_delete", "no_replace")
    return [f"DROP TRIGGER speaker_events_{name}" for name in names]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE speaker_events SET facts = '{}' WHERE sequence = 1",
        "DELETE FROM speaker_events WHERE sequence = 1",
    ],
)
def test_nothing_is_read_or_decided_on_a_chain_that_is_not_whole(
    ledger_url: str, statement: str
) -> None:
    register = open_sql(ledger_url)
    enrol(register, make_inputs())
    enrol(register, make_inputs("bob"))
    execute(ledger_url, *without_triggers(ledger_url), statement)
    with pytest.raises(LedgerTamperedError, match="No profile is used"):
        register.read()
    with pytest.raises(LedgerTamperedError):
        revoke(register)


def test_a_register_whose_tail_was_cut_off_lets_nobody_speak(
    ledger_url: str, tmp_path: Path
) -> None:
    anchor = Anchor(tmp_path / "heads" / "speakers.txt")
    register = open_sql(ledger_url, anchor=anchor)
    enrol(register, make_inputs())
    head = revoke(register).head
    assert anchor.heads() == (head,)
    for statement in (
        *without_triggers(ledger_url), "DELETE FROM speaker_events WHERE sequence = 2"
    ):  # fmt: skip
        execute(ledger_url, statement)
    assert open_sql(ledger_url).read().require("anna").state is State.DRAFT  # nobody knows better
    for use in (register.read, lambda: enrol(register, make_inputs(reference="2" * 64))):
        with pytest.raises(LedgerTamperedError, match="event 2 was remembered outside; the chain"):
            use()
    assert anchor.heads() == (head,)
    assert len(register.rows()) == 1


def race(url: str, racer: int, barrier: Barrier, results: Any) -> None:
    """Enrol what the other one enrols, and a recording of one's own, again and again."""
    register = open_sql(url)
    for number in range(ENROLMENTS):
        barrier.wait()
        same = enrol(register, make_inputs(reference=f"{number:064x}"), by=f"racer {racer}")
        own = enrol(register, make_inputs(reference=f"{racer}{number:063x}"))
        results.put((number, same is not None, own.version))


def test_of_two_racing_enrolments_one_is_added_and_no_version_is_lost(ledger_url: str) -> None:
    register = open_sql(ledger_url)
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2, timeout=60), context.Queue()
    racers = [
        context.Process(target=race, args=(ledger_url, racer, barrier, results)) for racer in (1, 2)
    ]
    for process in racers:
        process.start()
    answers = [results.get(timeout=90) for _ in range(2 * ENROLMENTS)]
    for process in racers:
        process.join(timeout=30)
        assert process.exitcode == 0
    for number in range(ENROLMENTS):
        assert sorted(added for n, added, _ in answers if n == number) == [False, True]
    versions = register.read().profiles["anna"]
    assert [each.version for each in versions] == list(range(1, 3 * ENROLMENTS + 1))
    assert len({each.digest for each in versions}) == 3 * ENROLMENTS


def test_the_wiring_opens_the_register_beside_the_ledger(tmp_path: Path) -> None:
    enrol(open_speaker_register(Settings(), tmp_path), make_inputs())
    assert (tmp_path / ".voxgate" / "ledger" / "ledger.db").is_file()
    assert open_speaker_register(Settings(), tmp_path).read().require("anna").version == 1
    (noted,) = (tmp_path / ".voxgate" / "heads").iterdir()
    assert (noted.name, noted.read_text(encoding="ascii")[:2]) == ("local.speakers.txt", "1:")
