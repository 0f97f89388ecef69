from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.releases import POLICY, VOTE_RULE, Story
from voxgate.release.listening.tally import Count, Outcome, Tally, tally
from voxgate.release.policy import Policy


def _story() -> Story:
    return Story().released(1).registered(2).judged(2, verdict="INCONCLUSIVE")


def _heard(better: int, worse: int, same: int, *, listener: str = "anna") -> Story:
    story, preferred = _story(), [2] * better + [1] * worse + [None] * same
    for number, version in enumerate(preferred):
        story.voted(prompt_id=f"p{number:03d}", preferred=version, listener=listener)
    return story


def _tally(story: Story, policy: Policy = POLICY) -> Tally:
    return tally(story.book.require(2), 1, policy)


def test_without_votes_nothing_is_settled() -> None:
    counted = _tally(_story())
    assert (counted.outcome, counted.digest, counted.as_facts()) == (Outcome.OPEN, None, None)
    assert counted.reason == "0 of 20 prompts (gate.min_votes)"
    assert counted.as_json()["count"]["share"] is None


@pytest.mark.parametrize(
    ("votes", "outcome", "reason"),
    [
        ((0, 0, 19), Outcome.OPEN, "19 of 20 prompts"),
        ((0, 0, 20), Outcome.NO_WORSE, "lost on at most 16.8 points more prompts than won, limit"),
        ((1, 1, 18), Outcome.NO_WORSE, "lost on at most 24.7 points"),
        ((2, 2, 16), Outcome.OPEN, "lost on at most 30.5 points more prompts than won, limit 30"),
        ((15, 15, 30), Outcome.NO_WORSE, "lost on at most 23.1 points"),
        ((10, 10, 0), Outcome.OPEN, "lost on at most 45.6 points"),
        ((2, 8, 10), Outcome.OPEN, "lost on at most 62.7 points"),
        ((5, 15, 0), Outcome.WORSE, "worse on 15 prompts, better on 5: one-sided p 0.0207"),
        ((6, 14, 0), Outcome.OPEN, "lost on at most 76.2 points"),
        ((0, 5, 15), Outcome.WORSE, "worse on 5 prompts, better on 0: one-sided p 0.0312"),
    ],
)
def test_votes_settle_in_either_direction_or_not_at_all(
    votes: tuple[int, int, int], outcome: Outcome, reason: str
) -> None:
    counted = _tally(_heard(*votes))
    assert (counted.outcome, counted.count.prompts) == (outcome, sum(votes))
    assert counted.reason.startswith(reason)


def test_the_share_has_its_exact_interval_and_sign_test() -> None:
    """Clopper & Pearson's bounds and the binomial test of 9 in 12, as R's binom.test gives them."""
    document = Count(better=9, worse=3, same=8).as_json()
    assert document["prompts"] == 20
    assert (document["share"], document["p_value"]) == (0.75, 0.145996)
    assert document["low"] == pytest.approx(0.428142, abs=1e-6)
    assert document["high"] == pytest.approx(0.945139, abs=1e-6)
    assert Count(better=2, worse=2).p_value == 1.0


def test_listeners_of_one_prompt_have_one_sign_together() -> None:
    story = _story()
    for listener, version in (("anna", 2), ("bob", 2), ("carl", 1)):
        story.voted(listener=listener, preferred=version)
    story.voted(listener="anna", prompt_id="p001", preferred=1)
    story.voted(listener="bob", prompt_id="p001", preferred=2)
    counted = _tally(story)
    assert counted.count == Count(better=1, worse=0, same=1)
    assert counted.listeners == {
        "anna": Count(better=1, worse=1), "bob": Count(better=2), "carl": Count(worse=1)
    }  # fmt: skip


def test_a_vote_that_was_changed_after_the_reveal_stands_but_settles_nothing() -> None:
    story = _heard(0, 0, 20).voted(prompt_id="p000", preferred=2)
    counted = _tally(story)
    assert counted.listeners["anna"] == Count(better=1, same=19)
    assert (counted.count, counted.changed) == (Count(same=19), 1)
    assert counted.outcome is Outcome.OPEN


def test_who_trained_it_may_listen_but_settles_nothing() -> None:
    counted = _tally(_heard(0, 0, 20, listener="Cron"))
    assert (counted.own, counted.count.prompts, counted.outcome) == (20, 0, Outcome.OPEN)
    listed = replace(POLICY, approvers={"anna": ["cron"]})
    assert _tally(_heard(0, 0, 20), listed).own == 20


def test_the_digest_names_the_votes_that_stand() -> None:
    story = _heard(1, 0, 0)
    first = _tally(story).digest
    assert first is not None
    assert _tally(story.voted(prompt_id="p001", preferred=2)).digest != first
    changed = _heard(1, 0, 0).voted(prompt_id="p000", preferred=None)
    assert _tally(changed).digest != first


def test_ratings_of_a_version_alone_are_averaged_and_settle_nothing() -> None:
    story = Story().registered(2)
    for number in range(20):
        story.voted(order=(2,), prompt_id=f"p{number:03d}", rating=3 + number % 2)
    counted = tally(story.book.require(2), None, POLICY)
    assert counted.as_json()["ratings"] == {"votes": 20, "mean": 3.5}
    assert (counted.outcome, counted.count, counted.listeners) == (
        Outcome.OPEN, Count(), {"anna": Count()}
    )  # fmt: skip
    assert counted.reason.startswith("rated alone")


def test_the_rule_is_that_of_the_parameters() -> None:
    strict = replace(POLICY, votes=replace(VOTE_RULE, preference_margin=0.1))
    assert _tally(_heard(0, 0, 20), strict).outcome is Outcome.OPEN
    few = replace(POLICY, votes=replace(VOTE_RULE, min_prompts=5, preference_margin=0.6))
    assert _tally(_heard(0, 0, 5), few).outcome is Outcome.NO_WORSE
