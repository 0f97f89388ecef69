"""A score is read as it was written, or not at all."""

from __future__ import annotations

import pytest

from tests.fakes.speaker_profiles import make_score
from voxgate.speakers.quality import QualityScore


def test_a_score_survives_writing_and_reading() -> None:
    assert QualityScore.from_json(make_score().as_json()) == make_score()


@pytest.mark.parametrize("name", sorted(make_score().as_json()))
def test_a_figure_that_is_missing_is_no_zero(name: str) -> None:
    document = make_score().as_json()
    del document[name]
    with pytest.raises(KeyError, match=name):
        QualityScore.from_json(document)
