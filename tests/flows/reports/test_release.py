from __future__ import annotations

from flows.reports.release import describe_answer
from voxgate.release.desk import Answer


def test_what_stood_already_is_nothing_to_do() -> None:
    answer = Answer(version=2, state="rejected", live=None, event=None)
    assert describe_answer(answer) == "version 2 is rejected (nothing to do); live: nothing"


def test_everything_that_did_not_reach_others_is_said() -> None:
    answer = Answer(
        version=2, state="live", live=2, event=7, by_hand=("champion was moved",),
        registry_problem="refused", unsent=("webhook: refused",),
    )  # fmt: skip
    assert describe_answer(answer).splitlines() == [
        "version 2 is live (event 7); live: version 2",
        "registry: champion was moved",
        "registry: not told; the ledger stands, the registry follows with the next command "
        "that can: refused",
        "notification: webhook: refused",
    ]


def test_an_emergency_stop_says_what_brings_a_voice_back() -> None:
    answer = Answer(version=2, state="quarantined", live=None, event=9, previous=1)
    assert describe_answer(answer).splitlines()[-1] == (
        "nothing is live now: `voxgate rollback --by YOU --reason WHY` brings version 1 back"
    )


def test_one_account_for_two_names_is_said_plainly() -> None:
    answer = Answer(version=2, state="live", live=2, event=9, same_login=True)
    assert "the account that registered this version also decided" in describe_answer(answer)
