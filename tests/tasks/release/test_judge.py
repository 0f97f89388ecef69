"""The verdict and its row in the ledger; the ledger, not an alias, says who the rivals are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.measuring.seals import LedgerSeals
from tasks.measuring.thresholds import build_thresholds, calibration_path, takes_path
from tasks.release.approve import approve, approve_by_policy
from tasks.release.judge import judge_candidate
from tasks.release.promote import quarantine
from tests.fakes.contest import BLOCK, OPEN, Contest
from tests.fakes.evaluation_workspace import EvaluationWorkspace, params_for
from tests.fakes.evidence import make_calibration
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from tests.fakes.voice import ToneVoice
from voxgate.errors import EvidenceChangedError, UnknownVersionError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import canonical_json, write_json, write_text
from voxgate.gate.bundle import read_bundle
from voxgate.gate.calibrated import bind
from voxgate.gate.expected_noise import expected_errors
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
    version = site.register(1, evidence_of=_evidence(site))
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
    head, _, more = str(shown.description).rpartition("\n\n")
    assert (site.root / judgement.report / "model_card.md").read_text().startswith(head)
    assert more == "The rest is in the artifact report/model_card.md of the run.\n"


def test_judging_again_is_no_event(site: ReleaseSite, params: Params) -> None:
    version = site.register(1, evidence_of=_evidence(site))
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
    one = site.register(1, evidence_of=_evidence(site), recipe_digest="7" * 64)
    quarantine(site.desk, one, by="anna", reason="it swears")
    two = site.register(2, evidence_of=_evidence(site), recipe_digest="7" * 64)
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
    two = site.register(2, evidence_of=_evidence(site))
    with pytest.raises(EvidenceChangedError, match="the stored evidence of version 1"):
        _judge(site, params, two)


def test_about_a_decided_version_the_verdict_stands(site: ReleaseSite, params: Params) -> None:
    version = site.register(1, evidence_of=_evidence(site))
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


@pytest.fixture
def contest(release_site: ReleaseSite) -> Contest:
    return Contest(release_site)


def test_an_undecided_verdict_takes_the_next_block_by_itself_and_concludes(
    contest: Contest, caplog: pytest.LogCaptureFixture
) -> None:
    champion = contest.crown(1, {2: (20, 2)})
    version = contest.enter(2, {1: OPEN})
    with caplog.at_level("INFO"):
        judged = contest.judge(version)
    assert judged.verdict == "PASS"
    assert "- look 2 of 3" in judged.report
    assert sorted(contest.spoken) == [(1, (2,)), (2, (2,))]  # the first block was measured
    against = f"against champion{champion}"
    assert contest.kinds(version)[1:] == [
        ("looked", f"INCONCLUSIVE {against} (look 1, candidate 1 of its champion)"),
        ("judged", f"PASS {against} (look 2, candidate 1 of its champion)"),
    ]
    assert contest.bundle(version).name.endswith(f"champion{champion}-look2")
    bundle = read_bundle(contest.bundle(version)).case
    assert len(bundle.challenger.rows) == len(bundle.rivals["champion"].rows) == 2 * BLOCK * 3
    assert f"look 2 of 3: {BLOCK} more prompts" in caplog.text


@pytest.mark.slow
def test_after_three_open_looks_a_person_decides(contest: Contest) -> None:
    contest.crown(1, {})
    version = contest.enter(2, {1: OPEN, 2: OPEN, 3: OPEN})
    judged = contest.judge(version)
    assert judged.verdict == "INCONCLUSIVE"
    assert "look 3 of 3 was the last" in judged.report
    assert "a person has to decide" in judged.report
    assert contest.release(version).state is State.PENDING
    assert [kind for kind, _ in contest.kinds(version)[1:]] == ["looked", "looked", "judged"]
    before = contest.site.desk.ledger.rows()
    assert contest.judge(version).verdict == "INCONCLUSIVE"
    assert contest.site.desk.ledger.rows() == before
    assert len(contest.spoken) == 4  # two voices, two more blocks, once


@pytest.mark.slow
def test_a_run_that_is_killed_between_looks_ends_like_a_whole_one(
    contest: Contest,
) -> None:
    contest.crown(1, {})
    version = contest.enter(2, {1: OPEN, 2: OPEN, 3: OPEN})
    for effects in range(4):
        contest.dies_at = effects
        with pytest.raises(KeyboardInterrupt):
            contest.judge(version)
        assert contest.release(version).judgement is None
    contest.dies_at = None
    assert contest.judge(version).verdict == "INCONCLUSIVE"
    assert contest.spoken == [(2, (2,)), (1, (2,)), (2, (3,)), (1, (3,))]
    assert [kind for kind, _ in contest.kinds(version)[1:]] == ["looked", "looked", "judged"]
    digest = read_bundle(contest.bundle(version)).digest
    whole = Contest(contest.site, voices=contest.voices)
    shutil.rmtree(contest.site.desk.workspace.cache_dir)
    contest.site.forget_bundles()
    whole.judge(version)
    assert read_bundle(contest.bundle(version)).digest == digest


@pytest.mark.slow
def test_candidates_of_one_champion_spend_the_level_and_then_meet_a_fresh_block(
    contest: Contest,
) -> None:
    champion = contest.crown(1, {})
    bad = dict.fromkeys((1, 2, 3), (30, 5))
    places = []
    for number in range(2, 7):
        version = contest.enter(number, bad)
        assert contest.judge(version).verdict == "FAIL"
        assert contest.judge(version).verdict == "FAIL"  # twice is once
        rules = read_bundle(contest.bundle(version)).case.thresholds
        places.append((rules.candidate, rules.first_block, rules.prompts[0]))
        judgement = contest.release(version).judgement
        assert judgement is not None
        assert (judgement.champion, judgement.candidate) == (champion, rules.candidate)
    assert places == [(n, 1, "p000") for n in (1, 2, 3, 4)] + [(5, 2, f"p{BLOCK:03d}")]
    report = contest.judge(version).report
    assert "candidate 5 against this champion on this benchmark" in report
    assert "first looked at on block 2" in report


def test_a_new_champion_is_a_new_count(contest: Contest) -> None:
    contest.crown(1, {})
    contest.judge(contest.enter(2, {1: (30, 5)}))
    better = contest.crown(3, {})
    version = contest.enter(4, {})
    contest.judge(version)
    judgement = contest.release(version).judgement
    assert judgement is not None
    assert (judgement.champion, judgement.candidate) == (better, 1)


def test_a_rival_that_cannot_speak_more_prompts_holds_the_gate(
    contest: Contest, caplog: pytest.LogCaptureFixture
) -> None:
    champion = contest.crown(1, {})
    run = contest.release(champion).parent_run_id
    assert run is not None
    shutil.rmtree(contest.site.desk.workspace.cache_dir / "packages", ignore_errors=True)
    contest.site.desk.connect().client.delete_tag(run, "voxgate.chosen_model")
    version = contest.enter(2, {1: OPEN})
    assert contest.judge(version).verdict == "HOLD"
    assert f"version {champion} cannot speak more prompts" in caplog.text


@pytest.fixture
def calibrated(evaluated: EvaluationWorkspace, params: Params) -> Iterator[None]:
    """Commit a calibration record that is what its takes come to."""
    workspace = evaluated.workspace
    takes = read_evidence(workspace.stage_dir("evaluate") / "evidence.json")
    noise = expected_errors(takes.rows, seeds=3)
    record = make_calibration(
        takes,
        benchmark_digest=takes.benchmark["digest"],
        prompts=len({row.prompt_id for row in takes.rows}),
        runs=1000,
        standard_errors=noise,
    )
    thresholds = build_thresholds(workspace, params)
    record = bind(record, takes, thresholds, measured_at="2026-11-28", command="voxgate calibrate")
    write_json(calibration_path(workspace), record.as_json())
    takes.write(takes_path(workspace))
    yield
    calibration_path(workspace).unlink()
    takes_path(workspace).unlink()


def _loosened(params: Params, **limits: float) -> Params:
    return params.model_copy(update={"gate": params.gate.model_copy(update=limits)})


def _released(site: ReleaseSite, params: Params) -> int:
    version = site.register(1, evidence_of=_evidence(site))
    _judge(site, params, version)
    approve(site.desk, version, by="anna", reason="sounds right")
    return version


@pytest.mark.usefixtures("calibrated")
def test_limits_loosened_since_the_last_release_need_a_person_and_are_said_everywhere(
    site: ReleaseSite, params: Params
) -> None:
    _released(site, params)
    two = site.register(2, evidence_of=_evidence(site))
    automatic = replace(site.desk, policy=replace(site.desk.policy, automatic=True))
    judged = judge_candidate(site.desk, _loosened(params, max_wer=0.3), two)
    assert judged.verdict == "PASS", judged.report
    judgement = _release(site, two).judgement
    assert judgement is not None
    assert judgement.loosened == ("gate.max_wer: 0.25 became 0.3",)
    assert judgement.needs_person
    assert str(judgement.limits_changed).startswith("who changed params.yaml is not known")
    assert "**limits are looser** than when version 1 was approved" in judged.report
    (told,) = [n for n in site.desk.notices() if "waits for a decision" in n.subject]
    assert "gate.max_wer: 0.25 became 0.3" in told.text
    assert approve_by_policy(automatic, two) is None
    assert approve(site.desk, two, by="anna", reason="I looked at the limits").live == two


@pytest.mark.usefixtures("calibrated")
def test_a_tighter_limit_needs_nobody(site: ReleaseSite, params: Params) -> None:
    one = _released(site, params)
    two = site.register(2, evidence_of=_evidence(site))
    assert _judge(site, _loosened(params, max_wer=0.2), two) == "PASS"
    judgement = _release(site, two).judgement
    assert judgement is not None
    assert (judgement.champion, judgement.loosened, judgement.needs_person) == (one, (), False)
    assert judgement.limits is not None
    assert judgement.limits["gate.max_wer"] == 0.2


@pytest.mark.usefixtures("calibrated")
def test_limits_beyond_every_bound_hold(site: ReleaseSite, params: Params) -> None:
    _released(site, params)
    two = site.register(2, evidence_of=_evidence(site))
    judged = judge_candidate(site.desk, _loosened(params, wer_margin=0.2), two)
    assert judged.verdict == "HOLD"
    assert "`limit_out_of_bounds`" in judged.report


@pytest.mark.usefixtures("calibrated")
def test_a_calibration_record_that_was_edited_holds(site: ReleaseSite, params: Params) -> None:
    _released(site, params)
    two = site.register(2, evidence_of=_evidence(site))
    path = calibration_path(site.desk.workspace)
    record = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**record, "standard_errors": {**record["standard_errors"], "wer": 0.2}})
    judged = judge_candidate(site.desk, params, two)
    assert judged.verdict == "HOLD"
    assert "`calibration_not_of_its_takes`" in judged.report


def test_evidence_that_was_edited_after_its_registration_is_not_judged(
    site: ReleaseSite, params: Params
) -> None:
    """In the same frame the registered one is judged; in another frame it is refused."""
    document = json.loads(_evidence(site).read_text(encoding="utf-8"))
    honest = site.root / "honest" / "evidence.json"
    write_text(honest, canonical_json(document))
    version = site.register(1, evidence_of=honest)
    (site.root / "build").unlink()
    edited = site.root / "build" / "evaluate" / "evidence.json"
    document["rows"][0]["similarity"] = 0.99
    write_text(edited, canonical_json(document))
    _judge(site, params, version)
    judgement = _release(site, version).judgement
    assert judgement is not None
    judged = site.root / judgement.bundle / "challenger.json"
    assert judged.read_bytes() == honest.read_bytes()
    document["centroid"]["digest"] = "0" * 64
    write_text(edited, canonical_json(document))
    with pytest.raises(EvidenceChangedError, match="it was altered"):
        _judge(site, params, version)
    here = read_evidence(edited)
    LedgerSeals(site.desk).put(str(here.model["digest"]), here.frame_digest, edited)
    _judge(site, params, version)
