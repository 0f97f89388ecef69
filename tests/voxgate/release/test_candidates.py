from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.releases import POLICY, Story, make_judgement, make_origin
from voxgate.errors import AlreadyDecidedError, ApproverError, GateError, ReleaseError
from voxgate.release import approvals, candidates
from voxgate.release.events import Kind
from voxgate.release.policy import BASE_ACTOR
from voxgate.release.states import State


def test_a_candidate_is_entered_once() -> None:
    story = Story().registered(1)
    assert candidates.register(story.book, make_origin(1)) is None
    assert story.book.challenger == 1


def test_an_older_candidate_is_nominated_again() -> None:
    story = Story().registered(1).registered(2)
    assert story.book.challenger == 2
    assert story.tell(candidates.register(story.book, make_origin(1))).book.challenger == 1


def test_a_version_that_the_registry_numbered_anew_keeps_its_number_in_the_ledger() -> None:
    story = Story().registered(1).registered(2)
    moved = make_origin(1, registry_version=7, parent_run_id="other")
    release = story.tell(candidates.register(story.book, moved)).book.require(1)
    assert (release.registry_version, release.parent_run_id) == (7, "other")


def test_a_registry_that_starts_counting_again_does_not_take_a_number_twice() -> None:
    story = Story().registered(1)
    other = make_origin(2, registry_version=1)
    book = story.tell(candidates.register(story.book, other)).book
    assert {v: r.registry_version for v, r in book.releases.items()} == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("PASS", State.PENDING), ("INCONCLUSIVE", State.PENDING), ("FAIL", State.CANDIDATE),
     ("HOLD", State.CANDIDATE)],
)  # fmt: skip
def test_a_verdict_offers_what_a_person_may_settle(verdict: str, state: State) -> None:
    assert Story().registered(1).judged(1, verdict=verdict).book.require(1).state is state


def test_the_same_evidence_again_is_no_event() -> None:
    story = Story().registered(1).judged(1)
    again = candidates.judge(
        story.book, 1, make_judgement(1), by="gate", reason="again", now=story.now
    )
    assert again is None


@pytest.mark.parametrize("verdict", ["PASS", "FAIL"])
def test_the_same_evidence_opens_an_expired_decision_anew(verdict: str) -> None:
    story = Story().registered(1)
    story.judged(1, verdict=verdict, expires_at=story.now + timedelta(hours=1))
    story.now += timedelta(hours=2)
    assert story.book.require(1).is_expired(story.now)
    assert not story.judged(1, verdict=verdict).book.require(1).is_expired(story.now)


def test_a_decided_version_is_not_judged_again() -> None:
    story = Story().released(1)
    other = make_judgement(1, evidence_digest="8" * 64)
    assert candidates.judge(story.book, 1, other, by="gate", reason="x", now=story.now) is None


def test_gold_is_named_and_leaves_with_quarantine() -> None:
    story = Story().released(1)
    story.tell(candidates.name_gold(story.book, 1, POLICY, by="anna", reason="the studio take"))
    assert story.book.gold == 1
    assert candidates.name_gold(story.book, 1, POLICY, by="anna", reason="again") is None
    assert story.quarantined(1).book.gold is None
    with pytest.raises(AlreadyDecidedError, match="version 1 is quarantined"):
        candidates.name_gold(story.book, 1, POLICY, by="anna", reason="again")


def test_a_rejected_version_is_no_challenger() -> None:
    story = Story().registered(1).judged(1)
    story.tell(approvals.reject(story.book, 1, by="bob", reason="it hums"))
    assert (story.book.challenger, story.book.nominated) == (None, 1)


def rejected(story: Story, number: int) -> Story:
    return story.tell(
        approvals.reject(story.book, number, by="anna", reason="it lisps", evidence="")
    )


def test_a_rejected_voice_comes_back_as_the_version_that_was_rejected() -> None:
    story = rejected(Story().registered(1, model_digest="9" * 64).judged(1), 1).registered(2)
    again = make_origin(3, model_digest="9" * 64)
    book = story.tell(candidates.register(story.book, again)).book
    assert sorted(book.releases) == [1, 2]
    assert book.nominated == 1
    assert book.challenger is None
    (said,) = candidates.objections(book, 1)
    assert "this voice was rejected as version 1 by anna: it lisps; nothing new is offered" in said


def test_a_quarantined_voice_goes_before_the_version_that_it_is_too() -> None:
    """A ledger of before may have one voice under two numbers."""
    story = Story().registered(1, model_digest="8" * 64).tell(
        Story().book.draft(
            Kind.REGISTERED, 2, by="cron", reason="as it was entered before",
            facts=make_origin(2, model_digest="8" * 64).as_facts(),
        )
    ).quarantined(2)  # fmt: skip
    known = candidates.recognise(story.book, make_origin(1).candidate_digest, "8" * 64)
    assert known is not None
    assert known.version == 2
    (said,) = candidates.objections(story.book, 1)
    assert said == "this voice, to the last bit, was quarantined as version 2 by anna: it swears"


def test_another_voice_of_a_rejected_recipe_is_offered_and_says_so() -> None:
    story = rejected(Story().registered(1, recipe_digest="7" * 64).judged(1), 1)
    story.registered(2, recipe_digest="7" * 64)
    assert story.book.challenger == 2
    (said,) = candidates.objections(story.book, 2)
    assert said.startswith(
        "a voice of the same recordings, parameters and code was rejected as version 1 by anna"
    )


def test_nothing_is_said_of_a_voice_that_nobody_decided_against() -> None:
    story = rejected(Story().registered(1).judged(1), 1).registered(2)
    assert candidates.objections(story.book, 2) == ()


def test_a_voice_without_a_digest_is_nobody_elses() -> None:
    story = rejected(Story().registered(1, model_digest=None).judged(1), 1)
    story.registered(2, model_digest=None)
    assert candidates.objections(story.book, 2) == ()


def test_a_ledger_of_before_knows_no_recipe() -> None:
    facts = make_origin(1).as_facts()
    del facts["recipe_digest"]
    story = Story()
    story.tell(story.book.draft(Kind.REGISTERED, 1, by="cron", reason="r", facts=facts))
    assert story.book.require(1).origin.recipe_digest is None


@pytest.mark.parametrize("by", ["cron", "CRON ", "сrоn", "policy:auto", "policy:base"])
def test_gold_is_never_named_by_who_trained_nor_by_a_policy(by: str) -> None:
    story = Story().released(1)
    with pytest.raises((ApproverError, ReleaseError)):
        candidates.name_gold(story.book, 1, POLICY, by=by, reason="mine is the best")


def test_the_base_is_the_first_gold_by_policy_and_only_the_first() -> None:
    story = Story().registered(1)
    story.tell(candidates.name_gold(story.book, 1, POLICY, by=BASE_ACTOR, reason="the base"))
    assert story.book.gold == 1
    story.registered(2)
    with pytest.raises(ApproverError):
        candidates.name_gold(story.book, 2, POLICY, by=BASE_ACTOR, reason="another base")


def test_an_open_look_is_noted_once_and_offers_nothing() -> None:
    story = Story().registered(1)
    found = make_judgement(1, verdict="INCONCLUSIVE")
    story.tell(candidates.look(story.book, 1, found, by="gate", reason="open"))
    assert story.book.require(1).state is State.CANDIDATE
    assert candidates.look(story.book, 1, found, by="gate", reason="open") is None
    assert [look.evidence_digest for look in story.book.looks] == [found.evidence_digest]


def test_candidates_of_one_champion_are_counted_until_there_is_another() -> None:
    story = Story().released(1).registered(2).registered(3).judged(2, verdict="FAIL")
    benchmark = make_judgement().benchmark_digest

    def place(version: int, champion: int | None = 1) -> int:
        return story.book.place(version, champion=champion, benchmark_digest=benchmark)

    assert (place(2), place(3)) == (1, 2)
    assert place(3, champion=2) == 1
    assert story.book.place(3, champion=1, benchmark_digest="other prompts") == 1


def test_a_hold_saw_no_figure_and_is_not_counted() -> None:
    story = Story().released(1).registered(2).judged(2, verdict="HOLD").registered(3)
    benchmark = make_judgement().benchmark_digest
    assert story.book.place(3, champion=1, benchmark_digest=benchmark) == 1


def test_a_verdict_that_missed_another_candidate_is_not_entered() -> None:
    story = Story().released(1).registered(2).registered(3).judged(2, verdict="FAIL")
    early = make_judgement(3, champion=1)
    with pytest.raises(GateError, match="as candidate 1 of its champion and is candidate 2"):
        candidates.judge(story.book, 3, early, by="gate", reason="judged", now=story.now)
