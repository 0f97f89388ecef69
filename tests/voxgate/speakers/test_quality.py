"""A score is read as it was written, or not at all."""

from __future__ import annotations

import pytest

from tests.fakes.speaker_profiles import make_score
from voxgate.speakers.quality import QualityScore, median_upper_bound


def test_a_score_survives_writing_and_reading() -> None:
    assert QualityScore.from_json(make_score().as_json()) == make_score()


@pytest.mark.parametrize("name", sorted(make_score().as_json()))
def test_a_figure_that_is_missing_is_no_zero(name: str) -> None:
    document = make_score().as_json()
    del document[name]
    with pytest.raises(KeyError, match=name):
        QualityScore.from_json(document)


@pytest.mark.parametrize(("count", "rank"), [(5, 5), (6, 6), (8, 7), (20, 15), (30, 20)])
def test_the_median_lies_below_its_bound_at_95_percent(count: int, rank: int) -> None:
    # Tables of the sign test: P(Binomial(20, 1/2) >= 15) = 0.021, >= 14 is 0.058.
    values = [float(value) for value in range(count, 0, -1)]
    assert median_upper_bound(values) == rank


def test_so_few_that_nothing_is_sure_have_no_bound() -> None:
    with pytest.raises(ValueError, match="expected at least 5 values, got 4"):
        median_upper_bound([1.0] * 4)
