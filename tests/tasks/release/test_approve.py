from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.release.approve import approve, approve_by_policy, reject
from tasks.release.trial import start, stop
from tests.fakes.release_site import ReleaseSite
from tests.fakes.releases import make_plan
from voxgate.errors import AlreadyDecidedError, ConsentError, EvidenceChangedError

TOMORROW = datetime.now(UTC) + timedelta(days=1)


def _approve(site: ReleaseSite, version: int, **options: object) -> object:
    return approve(site.desk, version, by="anna", reason="sounds right", **options)  # type: ignore[arg-type]


def test_an_approval_makes_the_version_live_and_the_registry_follows(
    release_site: ReleaseSite,
) -> None:
    version = release_site.offer(1)
    assert release_site.aliases() == {"challenger": version}
    answer = approve(release_site.desk, version, by="anna", reason="sounds right")
    assert (answer.state, answer.live, answer.registry_problem) == ("live", version, None)
    assert release_site.aliases() == {"champion": version}
    tags = (
        release_site.desk.connect()
        .client.get_model_version(release_site.desk.model, str(version))
        .tags
    )
    assert (tags["voxgate.approval"], tags["voxgate.decided_by"]) == ("live", "anna")


def test_the_same_command_again_changes_nothing(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    _approve(release_site, version)
    before = release_site.desk.ledger.rows()
    release_site.forget_bundles()
    assert approve(release_site.desk, version, by="anna", reason="again").event is None
    assert release_site.desk.ledger.rows() == before


def test_a_bundle_that_was_altered_cannot_be_approved(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    (verdict,) = release_site.root.glob(".voxgate/bundles/*/verdict.json")
    verdict.write_text(verdict.read_text().replace("PASS", "FAIL"))
    with pytest.raises(EvidenceChangedError, match="is not the evidence that its verdict rests on"):
        _approve(release_site, version)
    verdict.with_name("challenger.json").write_text("{}")
    with pytest.raises(EvidenceChangedError, match="the file was altered"):
        _approve(release_site, version)


def test_evidence_that_is_not_here_comes_from_the_registry(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    release_site.forget_bundles()
    assert approve(release_site.desk, version, by="anna", reason="ok").live == version


def test_the_digest_that_was_seen_is_compared(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    with pytest.raises(EvidenceChangedError, match="you saw 012345678901"):
        _approve(release_site, version, evidence="012345678901")
    release = release_site.desk.ledger.read(release_site.desk.model).require(version)
    assert release.judgement is not None
    _approve(release_site, version, evidence=release.judgement.evidence_digest[:12])
    assert release_site.aliases()["champion"] == version


def test_consent_for_evaluation_goes_live_for_evaluation_only(release_site: ReleaseSite) -> None:
    version = release_site.offer(1, consent_scope="evaluation")
    with pytest.raises(ConsentError, match="cannot be released for 'publication'"):
        _approve(release_site, version, scope="publication")
    _approve(release_site, version)
    release = release_site.desk.ledger.read(release_site.desk.model).require(version)
    assert release.approval is not None
    assert release.approval.scope == "evaluation"


def test_an_override_of_a_fail_is_live_with_an_end(release_site: ReleaseSite) -> None:
    version = release_site.register(1)
    release_site.judge(version, verdict="FAIL")
    _approve(release_site, version, override_until=TOMORROW)
    release = release_site.desk.ledger.read(release_site.desk.model).require(version)
    assert release.standing(datetime.now(UTC)) == "live"
    assert release.standing(TOMORROW + timedelta(seconds=1)) == "expired"


def test_a_rejection_is_recorded_and_not_reversed(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    assert reject(release_site.desk, version, by="bob", reason="it hums").state == "rejected"
    assert release_site.aliases() == {}
    with pytest.raises(AlreadyDecidedError, match=f"version {version} is rejected"):
        _approve(release_site, version)


def test_the_policy_releases_without_a_person_only_where_it_may(
    tmp_path: Path, mlflow_uri: str
) -> None:
    site = ReleaseSite.create(tmp_path / "auto", mlflow_uri, approval_policy="auto")
    first = site.offer(1)
    assert approve_by_policy(site.desk, first) is None  # no champion to compare with
    _approve(site, first)
    second = site.register(2)
    site.judge(second, needs_person=False)
    answer = approve_by_policy(site.desk, second)
    assert answer is not None
    assert answer.live == second
    assert site.desk.ledger.rows()[-1].actor == "policy:auto"
    assert approve_by_policy(site.desk, second) is None


@pytest.mark.parametrize("canary_per_mille", [0, 20])
def test_the_policy_ends_no_trial(tmp_path: Path, mlflow_uri: str, canary_per_mille: int) -> None:
    site = ReleaseSite.create(tmp_path / "tried", mlflow_uri, approval_policy="auto")
    live = site.offer(1)
    _approve(site, live)
    second = site.register(2)
    site.judge(second, needs_person=False)
    start(site.desk, make_plan(second, canary_per_mille=canary_per_mille))
    assert approve_by_policy(site.desk, second) is None
    stop(site.desk, second, by="anna", reason="heard enough")
    answer = approve_by_policy(site.desk, second)
    # What a person approved, a person promotes.
    assert (answer is None) == (canary_per_mille > 0)


def test_what_people_decided_against_is_no_decision_for_the_policy(
    tmp_path: Path, mlflow_uri: str
) -> None:
    site = ReleaseSite.create(tmp_path / "again", mlflow_uri, approval_policy="auto")
    _approve(site, site.offer(1))
    reject(site.desk, site.offer(2, recipe_digest="7" * 64), by="anna", reason="it lisps")
    third = site.register(3, recipe_digest="7" * 64)
    site.judge(third, needs_person=False)
    assert approve_by_policy(site.desk, third) is None


def test_without_the_policy_nothing_is_released_by_itself(release_site: ReleaseSite) -> None:
    _approve(release_site, release_site.offer(1))
    second = release_site.register(2)
    release_site.judge(second, needs_person=False)
    assert approve_by_policy(release_site.desk, second) is None
