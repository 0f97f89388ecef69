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
