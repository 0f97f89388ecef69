"""The desk on a real ledger, with a registry that is away or a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.releases import POLICY, enter, make_origin
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.adapters.sql.ledger import SqlLedger
from voxgate.adapters.sql.outbox import SqlOutbox
from voxgate.errors import EvidenceChangedError, ExternalServiceError
from voxgate.files import digest_file, write_text
from voxgate.release import candidates
from voxgate.release.desk import Desk
from voxgate.release.records import Release
from voxgate.settings import Settings
from voxgate.stage import Workspace

MODEL = "voice-test"


@dataclass(frozen=True)
class FolderRegistry:
    """Implements as much of Registry as a look at evidence needs."""

    stored: Path

    def fetch_evidence(self, _run_id: str | None, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(self.stored, folder))


def away() -> FolderRegistry:
    raise ExternalServiceError("nobody at home")


@pytest.fixture
def root() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


def make_desk(root: Path, connect: Callable[[], FolderRegistry]) -> Desk:
    database = open_database(Settings(), root)
    return Desk(
        workspace=Workspace(root),
        ledger=SqlLedger(database),
        leases=LeaseTable(database),
        model=MODEL,
        policy=POLICY,
        outbox=SqlOutbox(database),
        connect=connect,
    )


def register(desk: Desk, **origin: str) -> Release:
    made = make_origin(**origin)
    desk.ledger.append(MODEL, lambda book, _now: candidates.register(book, made))
    return desk.ledger.read(MODEL).require(1)


def test_a_registry_that_is_away_is_a_problem_in_the_answer_and_no_error(root: Path) -> None:
    desk = make_desk(root, away)
    register(desk)
    answer = desk.answer(1, None)
    assert (answer.version, answer.live, answer.event) == (1, None, None)
    assert answer.registry_problem == "nobody at home"


def test_what_there_is_to_tell_has_alarms_among_the_news_by_their_time(root: Path) -> None:
    desk = make_desk(root, away)
    desk.outbox.enqueue("alarm-1", "it hums", "")
    enter(desk.ledger, 1, approve=False)
    told = desk.notices()
    assert told[0].key == "alarm-1"
    assert [n.at for n in told] == sorted(n.at for n in told)
    assert len(told) > 1


def test_stored_evidence_is_the_one_that_was_registered_or_an_error(root: Path) -> None:
    stored = root / "stored" / "evidence.json"
    write_text(stored, "{}")
    desk = make_desk(root, lambda: FolderRegistry(stored))
    release = register(desk, evidence_digest=digest_file(stored))
    assert desk.stored_evidence(release).read_text() == "{}"
    write_text(stored, "[]")
    with pytest.raises(EvidenceChangedError, match=r"version 1 .* was altered"):
        desk.stored_evidence(release)
