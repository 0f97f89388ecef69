from __future__ import annotations

import numpy as np
import pytest

from voxgate.campaigns.quality.breaker import (
    WINDOW,
    Outcome,
    watch_outcomes,
)
from voxgate.campaigns.quality.calibration import Refusals
from voxgate.campaigns.quality.expected import SentenceKind

FRAME, NAME = SentenceKind.FRAME, SentenceKind.NAME
OWN = {FRAME: Refusals(refused=0, n=40), NAME: Refusals(refused=4, n=40)}


def outcomes(kind: SentenceKind, refused: int, n: int) -> list[Outcome]:
    return [Outcome(kind=kind, refused=at < refused) for at in range(n)]


def test_a_voice_as_calibrated_goes_on_although_its_names_fail_above_two_percent() -> None:
    assert watch_outcomes(outcomes(NAME, 20, 200), OWN) is None


def test_many_more_refusals_than_calibrated_trip_and_say_what_was_expected() -> None:
    trip = watch_outcomes(outcomes(NAME, 90, 200), OWN)
    assert trip is not None
    assert trip.code == "too_many_refused"
    assert "90 of the last 200" in trip.message
    assert "expects 22.0" in trip.message


def test_the_same_refusals_in_sentences_that_never_fail_trip() -> None:
    assert watch_outcomes(outcomes(FRAME, 40, 200), OWN) is not None
    assert watch_outcomes(outcomes(NAME, 40, 200), OWN) is None


def test_two_percent_never_trip_however_good_the_voice_was() -> None:
    perfect = {FRAME: Refusals(refused=0, n=100_000)}
    assert watch_outcomes(outcomes(FRAME, 4, 200), perfect) is None
    assert watch_outcomes(outcomes(FRAME, 5, 200), perfect) is not None


def test_a_calibration_of_few_sentences_is_not_taken_for_the_truth() -> None:
    few, many = {FRAME: Refusals(refused=0, n=8)}, {FRAME: Refusals(refused=0, n=800)}
    assert watch_outcomes(outcomes(FRAME, 10, 200), few) is None
    assert watch_outcomes(outcomes(FRAME, 10, 200), many) is not None


def test_a_broken_voice_trips_long_before_the_window_is_full() -> None:
    assert watch_outcomes(outcomes(FRAME, 5, 5), OWN) is not None
    assert watch_outcomes(outcomes(FRAME, 1, 1), OWN) is None


def test_only_the_last_two_hundred_count() -> None:
    old = outcomes(FRAME, 100, 100)
    assert watch_outcomes([*old, *outcomes(FRAME, 0, WINDOW)], OWN) is None
    assert watch_outcomes([*outcomes(FRAME, 0, WINDOW), *old], OWN) is not None


def test_a_kind_that_was_not_calibrated_is_judged_by_all_of_them() -> None:
    assert watch_outcomes(outcomes(SentenceKind.VALUE, 100, 200), OWN) is not None
    assert watch_outcomes(outcomes(SentenceKind.VALUE, 10, 200), OWN) is None
    with pytest.raises(ValueError, match="counted no refusals"):
        watch_outcomes(outcomes(FRAME, 100, 200), {})


def test_a_good_voice_is_hardly_ever_stopped_although_it_is_asked_after_each_sentence() -> None:
    """200 campaigns of 600 sentences of a voice that was calibrated on 40 and is as it was."""
    generator = np.random.default_rng(0)
    share, stopped = 0.1, 0
    for _ in range(200):
        own = {NAME: Refusals(refused=int(generator.binomial(40, share)), n=40)}
        flags = generator.random(600) < share
        spoken = [Outcome(kind=NAME, refused=bool(flag)) for flag in flags]
        stopped += any(watch_outcomes(spoken[:end], own) for end in range(10, 601, 10))
    assert stopped <= 4
