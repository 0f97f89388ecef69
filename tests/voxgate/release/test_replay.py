"""Each forgery is sealed anew, with every later row, as whoever owns the database could."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.releases import MODEL, POLICY, Story, make_origin
from voxgate.files import canonical_json
from voxgate.hash_chain import find_breaks
from voxgate.release.audit import verify
from voxgate.release.events import Draft, Kind, Row, seal
from voxgate.release.replay import find_breaches

STORY = (
    Story()
    .released(1)
    .released(2)
    .rolled_back()
    .registered(3)
    .judged(3)
    .voted(version=3, order=(3, 1), preferred=3)
    .approved(3)
    .promoted(3)
    .gold(1)
    .checked(3, 22, "ok")
    .quarantined(3)
)
TRIALS = (
    Story()
    .released(1)
    .registered(2)
    .judged(2)
    .tried(2)
    .stopped(2)
    .approved(2)
    .tried(2, canary_per_mille=20)
    .stopped(2)
)


def _forge(
    of: str, said: dict[str, Any] | None = None, /, *, number: int = -1, **columns: Any
) -> list[Row]:
    """Return the story with the last event of a kind changed: what it says, or a column."""
    rows = list((TRIALS if of.startswith("trial") else STORY).rows)
    place = [n for n, row in enumerate(rows) if row.kind == of][number]
    if said is not None:
        columns["facts"] = canonical_json(json.loads(rows[place].facts) | said)
    rows[place] = replace(rows[place], **columns)
    for n in range(place, len(rows)):
        linked = replace(rows[n], previous=rows[n - 1].digest if n else rows[n].previous)
        rows[n] = replace(linked, digest=linked.expected_digest())
    return rows


def _append(kind: Kind, version: int | None, actor: str, facts: dict[str, Any]) -> list[Row]:
    draft = Draft(kind=kind, model=MODEL, version=version, actor=actor, reason="x", facts=facts)
    return [*STORY.rows, seal(draft, after=STORY.rows[-1], now=STORY.now)]


def _append_trial_twice() -> list[Row]:
    story = Story().released(1).registered(2).judged(2).tried(2)
    facts = json.loads(story.rows[-1].facts)
    draft = Draft(
        kind=Kind.TRIAL_STARTED, model=MODEL, version=2, actor="anna", reason="x", facts=facts
    )
    return story.tell(draft).rows


def _later(days: int = 400_000) -> str:
    return (STORY.now + timedelta(days=days)).isoformat()


def test_a_whole_life_breaks_no_rule() -> None:
    assert find_breaches(STORY.rows, POLICY) == []
    assert find_breaches(TRIALS.rows, POLICY) == []


FORGERIES: dict[str, Callable[[], list[Row]]] = {
    "wider_scope": lambda: _forge("approved", {"scope": "publication"}),
    "other_scope": lambda: _forge("approved", {"scope": "evaluation"}),
    "other_evidence": lambda: _forge("approved", {"evidence_digest": "e" * 64}),
    "own_approval": lambda: _forge("approved", actor="сrоn"),
    "needs_person": lambda: _forge("approved", actor="policy:auto"),
    "other_champion": lambda: _forge("approved", {"replaces": 2}),
    "other_end": lambda: _forge("approved", {"until": STORY.now.isoformat()}),
    "other_votes": lambda: _forge("approved", {"votes": {"digest": "9" * 64, "rival": 1}}),
    "not_offered": lambda: _forge("judged", {"verdict": "FAIL"}),
    "unknown_verdict": lambda: _forge("judged", {"verdict": "SPLENDID"}),
    "miscounted": lambda: _forge("judged", {"candidate": 4}),
    "unknown_rival": lambda: _forge("judged", {"gold": 9}),
    "expired": lambda: _forge("judged", {"expires_at": STORY.rows[0].at}),
    "unknown_scope": lambda: _forge("registered", {"consent_scope": "everything"}),
    "registered_twice": lambda: _append(
        Kind.REGISTERED, 4, "cron", {**make_origin(3).as_facts(), "registry_version": 4}
    ),
    "other_state": lambda: _forge("quarantined", {"was": "retired"}),
    "own_gold": lambda: _forge("gold_named", actor="cron"),
    "other_gold": lambda: _forge("gold_named", {"replaced": 2}),
    "not_monitored": lambda: _forge("monitored", actor="anna"),
    "wide_trial": lambda: _forge("trial_started", {"canary_per_mille": 51}),
    "not_approved": lambda: _forge("trial_started", {"canary_per_mille": 20}, number=0),
    "second_trial": _append_trial_twice,
    "no_trial": lambda: _forge("trial_stopped", {"trial": 7}),
    "backdated": lambda: _forge("approved", at="2026-11-22T12:00:00.000000+00:00"),
}  # fmt: skip


@pytest.mark.parametrize("code", FORGERIES)
def test_a_forgery_that_is_sealed_well_is_found(code: str) -> None:
    rows = FORGERIES[code]()
    assert find_breaks(rows) == []
    assert code in {finding.code for finding in find_breaches(rows, POLICY)}


@pytest.mark.parametrize("actor", ["policy:auto", "policy:monitor"])
@pytest.mark.parametrize(
    "kind", ["quarantined", "gold_named", "rolled_back", "voted", "trial_started"]
)
def test_what_only_a_person_may_do_is_found_under_a_policys_name(kind: str, actor: str) -> None:
    codes = {finding.code for finding in find_breaches(_forge(kind, actor=actor), POLICY)}
    assert "needs_person" in codes


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"against": 2}, "other_champion"),
        ({"until": STORY.rows[0].at}, "other_end"),
        ({"until": "2027-06-01T00:00:00+00:00"}, "other_end"),
        ({"canary_per_mille": 0, "shadow_per_mille": 0}, "wide_trial"),
    ],
)
def test_a_forged_trial_is_found(said: dict[str, Any], code: str) -> None:
    codes = {finding.code for finding in find_breaches(_forge("trial_started", said), POLICY)}
    assert code in codes


def test_a_canary_beyond_its_approval_is_found() -> None:
    story = Story().released(1).registered(2)
    story.judged(2, expires_at=story.now + timedelta(days=3)).approved(2).tried(
        2, canary_per_mille=20
    )
    assert find_breaches(story.rows, POLICY) == []
    said = json.loads(story.rows[-1].facts)
    said["until"] = (story.now + timedelta(days=4)).isoformat()
    longer = replace(story.rows[-1], facts=canonical_json(said))
    rows = [*story.rows[:-1], replace(longer, digest=longer.expected_digest())]
    assert {finding.code for finding in find_breaches(rows, POLICY)} == {"expired"}


def test_only_the_monitor_and_people_end_a_trial() -> None:
    assert find_breaches(_forge("trial_stopped", actor="policy:monitor"), POLICY) == []
    found = find_breaches(_forge("trial_stopped", actor="policy:auto"), POLICY)
    assert {finding.code for finding in found} == {"needs_person"}


def test_a_promotion_that_was_never_approved_is_found() -> None:
    """The states alone allow it: a retired version becomes live by a rollback."""
    facts = {"replaced": None, "scope": "internal", "evidence_digest": f"{1002:064x}"}
    (finding,) = verify(_append(Kind.PROMOTED, 2, "mallory", facts))
    assert (finding.code, finding.sequence) == ("not_approved", len(STORY.rows) + 1)


def test_another_name_of_who_trained_is_known_to_the_policy() -> None:
    policy = replace(POLICY, approvers={"anna": ["cron"]})
    assert "own_approval" in {finding.code for finding in find_breaches(STORY.rows, policy)}


def test_a_verdict_under_looser_limits_that_needs_no_person_is_found() -> None:
    limits = {"gate.max_wer": 0.25}
    story = Story().registered(1).judged(1, limits=limits).approved(1).promoted(1).registered(2)
    honest = story.judged(2, limits={"gate.max_wer": 0.3}, needs_person=True)
    assert find_breaches(honest.rows) == []
    forged = story.judged(
        2, limits={"gate.max_wer": 0.4}, needs_person=False, evidence_digest="9" * 64
    )
    (found,) = find_breaches(forged.rows)
    assert found.code == "looser_limits"
    assert "gate.max_wer: 0.25 became 0.4" in found.message


def test_an_overtaken_fencing_token_is_found() -> None:
    rows = _forge("promoted", {"fence": 5}, number=0)
    assert "stale_fence" not in {finding.code for finding in find_breaches(rows)}
    for number in range(len(rows)):
        facts = json.loads(rows[number].facts)
        if rows[number].kind == "promoted":
            facts["fence"] = 5
        linked = replace(
            rows[number],
            facts=canonical_json(facts),
            previous=rows[number - 1].digest if number else rows[number].previous,
        )
        rows[number] = replace(linked, digest=linked.expected_digest())
    assert "stale_fence" in {finding.code for finding in find_breaches(rows)}


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("approved", {"facts": "[]"}),
        ("approved", {"facts": "{}"}),
        ("approved", {"facts": "no json"}),
        ("approved", {"kind": "blessed"}),
        ("approved", {"at": "yesterday"}),
        ("judged", {"facts": '{"verdict": null}'}),
        ("promoted", {"version": None}),
        ("quarantined", {"version": 77}),
        ("voted", {"facts": '{"order": 3}'}),
        ("monitored", {"facts": '{"day": "22"}'}),
        ("trial_started", {"facts": '{"until": "soon"}'}),
        ("trial_stopped", {"facts": "{}"}),
    ],
)
def test_a_row_that_says_nothing_sensible_is_a_finding_and_no_traceback(
    kind: str, columns: dict[str, Any]
) -> None:
    assert verify(_forge(kind, **columns)) != []
