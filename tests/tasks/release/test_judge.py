"""The verdict and its row in the ledger; the ledger, not an alias, says who the rivals are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.release.approve import approve
from tasks.release.judge import judge_candidate
from tasks.release.promote import quarantine
from tests.fakes.evaluation_workspace import EvaluationWorkspace, params_for
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from tests.fakes.voice import ToneVoice
from voxgate.errors import EvidenceChangedError, UnknownVersionError
from voxgate.files import canonical_json, write_text
from voxgate.params import Params
from voxgate.release.records import Release
from voxgate.release.states import State


@pytest.fixture(scope="module")
def evaluated() -> Iterator[EvaluationWorkspace]:
    with memory_folder() as folder:
        site = EvaluationWorkspace(folder / "checkout")
        site.evaluate(ToneVoice())
        yield site


@pytest.fixture
def site(evaluated: EvaluationWorkspace, release_site: ReleaseSite) -> ReleaseSite:
    """Return a site whose checkout has a finished evaluation."""
    for name in ("build", "benchmark"):
        (release_site.root / name).symlink_to(evaluated.root / name)
    return release_site


@pytest.fixture
def params(evaluated: EvaluationWorkspace) -> Params:
    return params_for(evaluated)


def _evidence(site: ReleaseSite) -> Path:
    return site.root / "build" / "evaluate" / "evidence.json"


def _release(site: ReleaseSite, version: int) -> Release:
    return site.desk.ledger.read(site.desk.model).require(version)


def _judge(site: ReleaseSite, params: Params, version: int) -> str:
    return judge_candidate(site.desk, params, version).verdict


def test_a_verdict_becomes_a_pending_row_that_names_its_evidence(
    site: ReleaseSite, params: Params
) -> None:
    version = site.register(1)
    assert _judge(site, params, version) == "PASS"
    release = _release(site, version)
    assert release.state is State.PENDING
    assert release.judgement is not None
    assert site.desk.require_evidence(release) == site.root / release.judgement.bundle
    assert (release.judgement.champion, release.judgement.needs_person) == (None, True)
    assert release.judgement.evaluators == {"transcriber": "f" * 64, "speaker_encoder": "e" * 64}
    model_version = site.desk.connect().client.get_model_version(site.desk.model, str(version))
    assert model_version.tags["voxgate.verdict"] == "PASS"
    assert model_version.tags["voxgate.approval"] == "pending"


def test_the_verdict_has_its_page_and_its_card_and_the_version_names_them(
    site: ReleaseSite, params: Params
) -> None:
    version = site.register(1, evidence_of=_evidence(site))
    _judge(site, params, version)
    judgement = _release(site, version).judgement
    assert judgement is not None
    page = (site.root / judgement.report / "verdict.html").read_text(encoding="utf-8")
    assert "<h1>PASS</h1>" in page
    assert page.count("<audio") == 3  # every gate prompt, from build/; nothing stands beside it
    assert "Nobody answered the door bell" in page
    shown = site.desk.connect().client.get_model_version(site.desk.model, str(version))
    assert shown.tags["voxgate.report"].endswith("/report/verdict.html")
    assert shown.description == (site.root / judgement.report / "model_card.md").read_text()


def test_judging_again_is_no_event(site: ReleaseSite, params: Params) -> None:
    version = site.register(1)
    _judge(site, params, version)
    before = site.desk.ledger.rows()
    assert _judge(site, params, version) == "PASS"
    assert site.desk.ledger.rows() == before


def test_the_last_decimals_of_a_second_measuring_are_no_news(
    site: ReleaseSite, params: Params
) -> None:
    first = json.loads(_evidence(site).read_text(encoding="utf-8"))
    first["impostor_floor"]["similarity"] += 1e-6
    stored = site.root / "first" / "evidence.json"
    write_text(stored, canonical_json(first))
    version = site.register(1, evidence_of=stored)
    assert _judge(site, params, version) == "PASS"
    judgement = _release(site, version).judgement
    assert judgement is not None
    judged = site.root / judgement.bundle / "challenger.json"
    assert judged.read_bytes() == stored.read_bytes()


def test_what_was_decided_against_a_recipe_is_in_the_report(
    site: ReleaseSite, params: Params
) -> None:
    one = site.register(1, recipe_digest="7" * 64)
    quarantine(site.desk, one, by="anna", reason="it swears")
    two = site.register(2, recipe_digest="7" * 64)
    judged = judge_candidate(site.desk, params, two)
    (said,) = judged.objections
    assert "same recordings, parameters and code was quarantined as version 1 by anna" in said
    assert said in judged.report


def test_the_champion_is_the_ledgers_and_not_the_aliases(site: ReleaseSite, params: Params) -> None:
    one = site.register(1, evidence_of=_evidence(site))
    two = site.register(2, evidence_of=_evidence(site))
    _judge(site, params, one)
    approve(site.desk, one, by="anna", reason="sounds right")
    site.desk.connect().client.set_registered_model_alias(site.desk.model, "champion", str(two))
    assert _judge(site, params, two) == "HOLD"  # no calibration record
    judgement = _release(site, two).judgement
    assert judgement is not None
    assert judgement.champion == one
    assert judgement.bundle.endswith(f"-champion{one}")


def test_a_champion_whose_stored_evidence_was_altered_is_not_compared_with(
    site: ReleaseSite, params: Params
) -> None:
    one = site.register(1, evidence_of=_evidence(site))
    _judge(site, params, one)
    approve(site.desk, one, by="anna", reason="sounds right")
    forged = site.root / "forged" / "evidence.json"
    forged.parent.mkdir()
    forged.write_bytes(_evidence(site).read_bytes().replace(b'"word_errors":0', b'"word_errors":9'))
    store, parent = site.desk.connect(), _release(site, one).parent_run_id
    store.client.log_artifact(parent, str(forged), "evidence")
    two = site.register(2)
    with pytest.raises(EvidenceChangedError, match="the stored evidence of version 1"):
        _judge(site, params, two)


def test_about_a_decided_version_the_verdict_stands(site: ReleaseSite, params: Params) -> None:
    version = site.register(1)
    _judge(site, params, version)
    approve(site.desk, version, by="anna", reason="sounds right")
    before = site.desk.ledger.rows()
    assert _judge(site, params, version) == "PASS"
    site.forget_bundles()
    assert _judge(site, params, version) == "PASS"
    assert site.desk.ledger.rows() == before


def test_a_candidate_that_is_not_in_the_ledger_is_named(site: ReleaseSite, params: Params) -> None:
    with pytest.raises(UnknownVersionError, match="version 7 is not in the ledger"):
        judge_candidate(site.desk, params, 7)
