from __future__ import annotations

from tests.fakes.releases import Story
from voxgate.release.loosening import last_approved, loosened_since
from voxgate.release.policy import allows_automatic, is_automatic

LIMITS = {"gate.max_wer": 0.25}


def released(limits: dict[str, float] | None) -> Story:
    return Story().registered(1).judged(1, limits=limits).approved(1).promoted(1)


def test_before_the_first_release_nothing_is_looser() -> None:
    book = Story().registered(1).judged(1).book
    assert (last_approved(book), loosened_since(book, LIMITS)) == (None, ())


def test_limits_are_held_against_those_of_the_last_release() -> None:
    book = released(LIMITS).book
    assert loosened_since(book, {"gate.max_wer": 0.2}) == ()
    assert loosened_since(book, {"gate.max_wer": 0.3}) == ("gate.max_wer: 0.25 became 0.3",)


def test_a_release_that_was_banned_still_says_what_its_limits_were() -> None:
    book = released(LIMITS).quarantined(1).book
    assert loosened_since(book, {"gate.max_wer": 0.3}) == ("gate.max_wer: 0.25 became 0.3",)


def test_limits_that_the_ledger_does_not_know_need_a_person() -> None:
    (said,) = loosened_since(released(None).book, LIMITS)
    assert said == "the limits that version 1 was judged under are not in the ledger"


def test_a_verdict_that_says_no_limits_releases_nothing_by_policy() -> None:
    story = released(LIMITS).registered(2).judged(2, needs_person=False, limits=None)
    judgement = story.book.require(2).judgement
    assert judgement is not None
    assert allows_automatic(judgement), "what was released on such a verdict before stands"
    assert not is_automatic(judgement)
