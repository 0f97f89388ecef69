"""A room on a real ledger and a real registry: what is told, what is stored, what it settles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tasks.release.approve import approve, approve_by_policy
from tasks.release.listen import ListeningRoom, count_votes
from tests.fakes.listening_site import MIN_VOTES, add_voice, create_listening_site, enter_room
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ApprovalNeededError, ApproverError, UnknownVersionError
from voxgate.release.audit import verify
from voxgate.release.listening.room import Answer
from voxgate.release.listening.tally import Outcome
from voxgate.release.votes import Choice

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(scope="module")
def shared(mlflow_uri: str) -> Iterator[ReleaseSite]:
    """Return a site like `site`, for tests that only vote, each under a name of its own."""
    with _open_site(mlflow_uri) as site:
        yield site


@pytest.fixture
def site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    with _open_site(mlflow_uri) as site:
        yield site


@contextmanager
def _open_site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    """Make a checkout whose version 1 is live; version 2 is quieter and INCONCLUSIVE."""
    with memory_folder() as folder:
        site = create_listening_site(folder / "checkout", mlflow_uri)
        live = add_voice(site, 1)
        site.judge(live)
        approve(site.desk, live, by="anna", reason="first")
        site.judge(add_voice(site, 2, peak=0.1), verdict="INCONCLUSIVE")
        yield site


def _vote_all(room: ListeningRoom, preferred: int | None) -> None:
    for number, trial in enumerate(room.trials):
        side = None if preferred is None else trial.order.index(preferred)
        room.vote(number, Answer(choice="same" if side is None else "ab"[side]))


def test_what_is_what_is_told_only_after_the_vote(shared: ReleaseSite) -> None:
    room = enter_room(shared, 2)
    assert room.overview() == {
        "model": shared.desk.model,
        "version": 2,
        "rival": 1,
        "rival_role": "live",
        "listener": "anna",
        "loudness_lufs": -23.0,
        "unheard": 0,
        "voted": [False] * MIN_VOTES,
    }
    before = room.trial(0)
    assert before.keys() == {"text", "prompt_class", "sides", "reveal"}
    assert before["reveal"] is None
    assert len({len(room.audio(0, side)) for side in (0, 1)}) == 1
    after = room.vote(0, Answer(choice="a", note="clearer"))["reveal"]
    assert [side["version"] for side in after["sides"]] == list(room.trials[0].order)
    assert {side["transcript"] for side in after["sides"]} == {"heard 1", "heard 2"}
    assert (after["side"], after["note"], after["blind"]) == (0, "clearer", True)
    gains = {side["version"]: side["gain_db"] for side in after["sides"]}
    assert 7 < gains[2] - gains[1] < 8  # 8 dB quieter, at another frequency


def test_a_vote_is_in_the_ledger_when_it_is_answered(shared: ReleaseSite) -> None:
    room = enter_room(shared, 2, listener="bea")
    room.vote(3, Answer(choice="b"))
    row = shared.desk.ledger.rows()[-1]
    facts = json.loads(row.facts)
    trial = room.trials[3]
    assert (row.kind, row.actor, row.version) == ("voted", "bea", 2)
    assert facts["prompt_id"] == trial.prompt_id
    assert facts["seed_index"] == trial.seed_index
    assert (facts["order"], facts["preferred"]) == (list(trial.order), trial.order[1])
    samples = [room.recordings[v].rows[trial.prompt_id, trial.seed_index] for v in trial.order]
    assert facts["audio_sha256"] == [sample.audio_sha256 for sample in samples]
    assert verify(shared.desk.ledger.rows()) == []


def test_a_room_that_is_entered_again_goes_on_in_the_same_order(shared: ReleaseSite) -> None:
    room = enter_room(shared, 2, listener="carl")
    room.vote(0, Answer(choice="same"))
    again = enter_room(shared, 2, listener="Carl")
    assert again.trials == room.trials
    assert again.overview()["voted"] == [True, *[False] * (MIN_VOTES - 1)]
    assert again.trial(0)["reveal"]["side"] is None
    assert enter_room(shared, 2, listener="bob").overview()["voted"] == [False] * MIN_VOTES
    assert (shared.root / ".voxgate" / "listening.key").stat().st_mode & 0o777 == 0o600


def test_a_second_thought_takes_the_place_and_both_stay_in_the_log(shared: ReleaseSite) -> None:
    room = enter_room(shared, 2, listener="dora")
    before, changed = len(shared.desk.ledger.rows()), count_votes(shared.desk, 2).changed
    for answer in ("a", "a", "b"):
        reveal = room.vote(0, Answer(choice=answer))["reveal"]
    assert (reveal["side"], reveal["blind"]) == (1, False)
    assert len(shared.desk.ledger.rows()) == before + 2
    counted = count_votes(shared.desk, 2)
    assert (counted.changed - changed, counted.listeners["dora"].prompts) == (1, 1)


def test_votes_settle_what_is_inconclusive_and_the_approval_names_them(site: ReleaseSite) -> None:
    room = enter_room(site, 2)
    _vote_all(room, preferred=None)
    assert room.result()["outcome"] == "no_worse"
    counted = count_votes(site.desk, 2)
    answer = approve(site.desk, 2, by="bob", reason="no difference to hear")
    assert answer.live == 2
    approval = site.desk.ledger.read(site.desk.model).require(2).approval
    assert approval is not None
    assert approval.votes == {
        "digest": counted.digest,
        "rival": 1,
        "outcome": "no_worse",
        "listeners": ["anna"],
        "better": 0,
        "worse": 0,
        "same": MIN_VOTES,
    }
    assert verify(site.desk.ledger.rows()) == []


def test_what_listeners_find_worse_is_released_against_them_only(site: ReleaseSite) -> None:
    site.judge(2, evidence_digest="7" * 64, needs_person=False)
    _vote_all(enter_room(site, 2), preferred=1)
    assert count_votes(site.desk, 2).outcome is Outcome.WORSE
    automatic = replace(site.desk, policy=replace(site.desk.policy, automatic=True))
    assert approve_by_policy(automatic, 2) is None
    site.judge(2)
    with pytest.raises(ApprovalNeededError, match="listeners find version 2 worse than version 1"):
        approve(site.desk, 2, by="bob", reason="ok")
    assert approve(site.desk, 2, by="bob", reason="ok", override_until=TOMORROW).live == 2


def test_a_version_alone_is_rated(mlflow_uri: str) -> None:
    with memory_folder() as folder:
        site = create_listening_site(folder / "checkout", mlflow_uri)
        version = add_voice(site, 1)
        room = enter_room(site, version)
        assert room.rival is None
        assert room.trial(0)["sides"] == 1
        reveal = room.vote(0, Answer(rating=4))["reveal"]
        assert (reveal["rating"], reveal["side"], len(reveal["sides"])) == (4, None, 1)
        (vote,) = site.desk.ledger.read(site.desk.model).require(version).votes.values()
        assert (vote.rating, vote.choice) == (4, Choice.SAME)
        assert room.result()["ratings"] == {"votes": 1, "mean": 4.0}


def test_nobody_listens_to_an_unknown_version_or_as_a_policy(shared: ReleaseSite) -> None:
    with pytest.raises(UnknownVersionError, match="version 9 is not in the ledger"):
        enter_room(shared, 9)
    with pytest.raises(ApproverError, match="is the name of a policy"):
        enter_room(shared, 2, listener="policy:auto")
