from __future__ import annotations

from flows.reports.review import describe_review

COUNTS = {"accepted": 3, "rejected": 1, "open": 2, "misfits": 0}


def test_it_says_what_came_of_a_review_and_what_to_do() -> None:
    assert describe_review(COUNTS) == (
        "accepted 3, rejected 1, doubtful and open 2; the manifest follows the decisions\n"
        "`voxgate data commit` makes a data version of it"
    )


def test_decisions_that_no_longer_fit_are_said() -> None:
    assert "4 decisions no longer fit a clip" in describe_review({**COUNTS, "misfits": 4})
