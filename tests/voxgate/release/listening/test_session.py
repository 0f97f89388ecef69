from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.releases import Story, make_ballot
from voxgate.errors import ApproverError, LedgerTamperedError, ReleaseError, UnknownVersionError
from voxgate.release.events import Kind
from voxgate.release.listening.session import cast, plan_trials, rival_of
from voxgate.release.votes import Choice

PROMPTS = {f"p{n:03d}": [0, 1, 2] for n in range(60)}
KEY = b"k" * 32


def _plan(**changes: Any) -> Any:
    return plan_trials(
        **{
            "key": KEY,
            "version": 2,
            "rival": 1,
            "listener": "anna",
            "prompts": PROMPTS,
            **changes,
        }
    )


def test_a_reload_shows_the_same_order_and_another_listener_another_one() -> None:
    assert _plan() == _plan(listener=" Anna ")
    for changes in ({"key": b"x" * 32}, {"listener": "bob"}, {"version": 3}, {"rival": 4}):
        other = _plan(**changes)
        assert [t.prompt_id for t in other] != [t.prompt_id for t in _plan()]


def test_sides_and_seeds_are_balanced_and_every_prompt_is_heard_once() -> None:
    trials = _plan()
    assert sorted(trial.prompt_id for trial in trials) == sorted(PROMPTS)
    first = sum(trial.order[0] == 2 for trial in trials)
    assert 18 <= first <= 42  # 60 fair coins: outside with probability 0.001
    assert {trial.seed_index for trial in trials} == {0, 1, 2}
    assert all(set(trial.order) == {1, 2} for trial in trials)


def test_only_samples_that_were_measured_are_chosen() -> None:
    assert {t.seed_index for t in _plan(prompts={name: [2] for name in PROMPTS})} == {2}
    assert {t.order for t in _plan(rival=None)} == {(2,)}


def test_a_version_is_heard_beside_what_is_live_else_gold_else_alone() -> None:
    story = Story().registered(1).registered(2)
    assert rival_of(story.book, 2) is None
    story.gold(1)
    assert rival_of(story.book, 2) is None  # a base that was never judged is not recorded
    story.judged(1)
    assert rival_of(story.book, 2) == 1
    assert rival_of(story.book, 1) is None
    story.released(3)
    assert rival_of(story.book, 2) == 3
    assert rival_of(story.book, 3) == 1
    with pytest.raises(UnknownVersionError, match="version 9 is not in the ledger"):
        rival_of(story.book, 9)


def test_a_vote_keeps_who_what_which_sample_and_in_which_order() -> None:
    story = Story().released(1).registered(2)
    draft = cast(story.book, make_ballot(preferred=2, note="less hum"))
    assert draft is not None
    assert (draft.kind, draft.version, draft.actor) == (Kind.VOTED, 2, "anna")
    assert draft.reason == "p000: prefers version 2 of [1, 2]"
    assert draft.facts == {
        "prompt_id": "p000",
        "seed_index": 1,
        "order": [2, 1],
        "audio_sha256": ["a" * 64, "b" * 64],
        "preferred": 2,
        "rating": None,
        "note": "less hum",
    }
    (vote,) = story.tell(draft).book.require(2).votes.values()
    assert (vote.choice, vote.rival, vote.blind) == (Choice.BETTER, 1, True)


def test_the_same_vote_again_changes_nothing_and_another_one_takes_its_place() -> None:
    story = Story().released(1).registered(2).voted(preferred=2)
    assert cast(story.book, make_ballot(preferred=2)) is None
    assert cast(story.book, make_ballot(preferred=2, listener=" ANNA")) is None
    story.voted(preferred=1, listener="Anna")
    (vote,) = story.book.require(2).votes.values()
    assert (vote.choice, vote.blind) == (Choice.WORSE, False)
    assert [row.kind for row in story.rows].count("voted") == 2


def test_votes_beside_another_version_stand_on_their_own() -> None:
    story = Story().released(1).registered(2).voted(preferred=2).released(3)
    story.voted(preferred=None, order=(3, 2))
    votes = story.book.require(2).votes.values()
    assert [(vote.rival, vote.choice, vote.blind) for vote in votes] == [
        (1, Choice.BETTER, True),
        (3, Choice.SAME, True),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"preferred": 3}, r"p000: versions \(2, 1\) were heard, 3 was named"),
        ({"rating": 4}, "was named"),
        ({"order": (2,)}, "a version alone is rated 1 to 5, got None"),
        ({"order": (2,), "rating": 6}, "a version alone is rated 1 to 5, got 6"),
        ({"note": "x" * 501}, "one line of at most 500 printable characters"),
        ({"note": "\x00"}, r"got U\+0000"),
        ({"listener": " "}, "--by is empty"),
    ],
)
def test_a_vote_that_answers_something_else_is_refused(
    changes: dict[str, Any], message: str
) -> None:
    story = Story().released(1).registered(2)
    with pytest.raises(ReleaseError, match=message):
        cast(story.book, make_ballot(**changes))


def test_a_policy_has_no_ears_and_an_unknown_version_no_sound() -> None:
    story = Story().released(1).registered(2)
    with pytest.raises(ApproverError, match="is the name of a policy"):
        cast(story.book, make_ballot(listener="policy:auto"))
    with pytest.raises(UnknownVersionError, match="version 7"):
        cast(story.book, make_ballot(order=(2, 7)))


def test_a_vote_on_a_version_that_was_never_registered_is_no_history() -> None:
    story = Story().released(1).registered(2).voted()
    (vote,) = (row for row in story.rows if row.kind == "voted")
    with pytest.raises(LedgerTamperedError, match="version 2 was never registered"):
        Story.replay([row for row in story.rows if row.version != 2 or row is vote])
