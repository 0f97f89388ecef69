"""A verdict stands while a bundle of today would be the one that it rests on."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.measuring.thresholds import calibration_path, takes_path
from tasks.release import verdict_standing as module
from tasks.release.verdict_standing import stands
from tests.fakes.contest import OPEN, Contest
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.clock import utc_now
from voxgate.errors import EvidenceChangedError
from voxgate.params import Params
from voxgate.release.book import Book
from voxgate.release.states import State
from voxgate.stage import Workspace

CHAMPION, CANDIDATE = 1, 2


@pytest.fixture(scope="module")
def judged(mlflow_uri: str) -> Iterator[Contest]:
    """Yield a candidate that was judged beside a champion, in more than one look."""
    with memory_folder() as folder:
        contest = Contest(ReleaseSite.create(folder / "checkout", mlflow_uri))
        contest.crown(CHAMPION, {})
        contest.judge(contest.enter(CANDIDATE, dict.fromkeys((1, 2, 3), OPEN)))
        judgement = contest.release(CANDIDATE).judgement
        assert judgement is not None
        assert judgement.look > 1
        yield contest


class Case:
    """A copy of the checkout, what its ledger says, and the rules."""

    def __init__(self, site: ReleaseSite, params: Params) -> None:
        self.desk, self.params = site.desk, params
        self.book: Book = self.desk.ledger.read(self.desk.model)

    @property
    def bundle(self) -> Path:
        judgement = self.book.require(CANDIDATE).judgement
        assert judgement is not None
        return self.desk.workspace.root / judgement.bundle

    @property
    def page(self) -> Path:
        return self.bundle.with_name(f"{self.bundle.name}.report") / "verdict.html"

    def put(self, version: int, **changes: Any) -> None:
        """Let the ledger say something else about a version."""
        release = replace(self.book.require(version), **changes)
        self.book = replace(self.book, releases={**self.book.releases, version: release})

    def stands(self) -> bool:
        return stands(self.desk, self.params, self.book, self.book.require(CANDIDATE))


@pytest.fixture
def case(judged: Contest, tmp_path: Path) -> Case:
    """Return a case of its own in which the verdict stands."""
    shutil.copytree(judged.site.root, tmp_path / "checkout")
    made = Case(ReleaseSite(tmp_path / "checkout", judged.site.mlflow_uri), judged.params)
    assert made.stands()
    return made


def test_a_candidate_that_was_not_judged_is_the_gates(case: Case) -> None:
    case.put(CANDIDATE, judgement=None)
    assert not case.stands()


def test_another_champion_is_asked_about(case: Case) -> None:
    case.put(CHAMPION, state=State.RETIRED)
    assert not case.stands()


def test_another_gold_is_asked_about(case: Case) -> None:
    case.book = replace(case.book, gold=CHAMPION)
    assert not case.stands()


def test_another_place_among_the_candidates_is_asked_about(case: Case) -> None:
    first = replace(case.book.looks[-1], version=3)
    case.book = replace(case.book, looks=(first, *case.book.looks))
    assert not case.stands()


@pytest.mark.parametrize("which", [calibration_path, takes_path])
def test_another_calibration_is_asked_about(case: Case, which: Callable[[Workspace], Path]) -> None:
    path = which(case.desk.workspace)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=3))
    assert not case.stands()


def test_an_absent_calibration_is_asked_about(case: Case) -> None:
    calibration_path(case.desk.workspace).unlink()
    assert not case.stands()


def test_another_threshold_is_asked_about(case: Case) -> None:
    limits = case.params.gate.model_copy(update={"wer_margin": case.params.gate.wer_margin / 2})
    case.params = case.params.model_copy(update={"gate": limits})
    assert not case.stands()


def test_other_prompts_are_asked_about(case: Case) -> None:
    prompts = case.desk.workspace.benchmark_dir / "prompts.en.jsonl"
    prompts.write_text("".join(prompts.read_text().splitlines(keepends=True)[1:]))
    assert not case.stands()


def test_an_offer_that_expired_is_made_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    later = utc_now() + timedelta(days=400)
    monkeypatch.setattr(module, "utc_now", lambda: later)
    assert not case.stands()


def test_a_bundle_that_is_gone_is_written_again_and_an_altered_one_is_a_fault(case: Case) -> None:
    (case.bundle / "challenger.json").write_text("{}")
    with pytest.raises(EvidenceChangedError):
        case.stands()
    case.bundle.rename(case.desk.workspace.root / "elsewhere")
    assert not case.stands()


def test_a_report_that_is_missing_or_older_than_what_was_said_is_written_again(case: Case) -> None:
    times = case.page.stat()
    os.utime(case.page, (times.st_atime, times.st_mtime - 3600))
    assert not case.stands()
    case.page.unlink()
    assert not case.stands()


def test_about_a_decided_version_the_verdict_that_it_was_decided_on_stands(case: Case) -> None:
    calibration_path(case.desk.workspace).unlink()
    case.put(CANDIDATE, state=State.REJECTED)
    assert case.stands()
