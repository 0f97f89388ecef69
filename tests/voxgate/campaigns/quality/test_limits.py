from __future__ import annotations

import pytest

from tests.fakes.sentence_figures import figures
from voxgate.campaigns.quality.limits import choose_limits
from voxgate.campaigns.quality.rules import QualityState, judge_figures

GOOD = [figures(slot_distance=0.01 * n, similarity=0.8 + 0.01 * n, pause_s=0.1) for n in range(10)]


def refused(samples, rules) -> int:
    return sum(judge_figures(one, rules).state is QualityState.FAILED for one in samples)


def test_what_can_be_told_apart_is_and_the_limit_lies_between() -> None:
    far = [figures(slot_distance=0.6 + 0.01 * n, similarity=0.8) for n in range(10)]
    rules = choose_limits(GOOD, {"far": far})
    assert refused(GOOD, rules) == 0
    assert refused(far, rules) == 10
    assert 0.2 < rules.limits["slot"] < 0.5


def test_each_kind_is_refused_by_the_measure_that_shows_it() -> None:
    other = [figures(slot_distance=0.0, similarity=0.3) for _ in range(10)]
    broken = [figures(slot_distance=0.0, similarity=0.9, pause_s=1.0) for _ in range(10)]
    rules = choose_limits(GOOD, {"other": other, "broken": broken})
    assert (refused(GOOD, rules), refused(other, rules), refused(broken, rules)) == (0, 10, 10)
    assert 0.3 < rules.limits["other_speaker"] < 0.8
    assert 0.1 < rules.limits["pause"] < 1.0


def test_a_kind_that_cannot_be_told_apart_does_not_cost_the_good_ones() -> None:
    alike = [figures(slot_distance=0.01 * n, similarity=0.8 + 0.01 * n) for n in range(10)]
    rules = choose_limits(GOOD, {"alike": alike})
    assert refused(GOOD, rules) == 0


def test_one_bad_good_sentence_does_not_open_the_door() -> None:
    good = [*GOOD, figures(slot_distance=0.9, similarity=0.85)]
    far = [figures(slot_distance=0.5 + 0.01 * n, similarity=0.85) for n in range(10)]
    rules = choose_limits(good, {"far": far})
    assert refused(far, rules) == 10
    assert refused(good, rules) == 1


def test_certain_faults_are_refused_without_any_limit() -> None:
    certain = [figures("wrong_value", slot_distance=0.0, similarity=0.9) for _ in range(5)]
    rules = choose_limits(GOOD, {"certain": certain})
    assert (refused(GOOD, rules), refused(certain, rules)) == (0, 5)


def test_a_measure_that_no_kind_shows_leaves_room_above_the_good() -> None:
    good = [figures(trailing_s=0.1 + 0.01 * n) for n in range(10)]
    rules = choose_limits(good, {"certain": [figures("endless")]})
    assert rules.limits["lingers"] > 0.25


def test_nothing_to_choose_by_is_refused() -> None:
    with pytest.raises(ValueError, match="0 good samples"):
        choose_limits([], {})
    with pytest.raises(ValueError, match=r"none of \['far'\]"):
        choose_limits(GOOD, {"far": []})
