import math
from pathlib import Path

import pytest

from tests.fakes.evidence import SOUND, make_range
from voxgate.evaluation.sound.catalogue import CATALOGUE, MEASURES, Measure
from voxgate.gate.sound_limits import SOUND_LIMITS, Range, as_compared, find_ranges


def test_every_measure_has_a_limit_with_its_own_code_and_a_reason() -> None:
    assert tuple(SOUND_LIMITS) == MEASURES
    assert len({limit.code for limit in SOUND_LIMITS.values()}) == len(MEASURES)
    for limit in SOUND_LIMITS.values():
        assert limit.margin > 0
        assert limit.why
        assert (limit.widened > 0) is (limit.bounds is None)


def test_a_range_is_open_where_a_voice_cannot_be_worse() -> None:
    ranges = find_ranges({"sound": {name: make_range(*SOUND[name][2:]) for name in MEASURES}})
    for measure in CATALOGUE:
        found = ranges[measure.name]
        assert math.isinf(found.low) is (measure.worse == "higher")
        assert math.isinf(found.high) is (measure.worse == "lower")


def test_a_range_is_that_of_the_recordings_and_wider_or_as_stated() -> None:
    real = {name: make_range(10.0, 20.0) for name in MEASURES}
    ranges = find_ranges({"sound": real})
    assert ranges["pace"] == Range(
        low=10.0 - SOUND_LIMITS["pace"].widened, high=20.0 + SOUND_LIMITS["pace"].widened
    )
    assert (ranges["level_lufs"].low, ranges["level_lufs"].high) == (-30.0, -14.0)
    assert ranges["tail_s"].high == 1.0


def documented(measure: Measure) -> str:
    """Return the row of docs/evaluation.md."""
    limit = SOUND_LIMITS[measure.name]
    if limit.bounds is None:
        sign = {"higher": "99th + ", "lower": "1st - ", "either": "1st - and 99th + "}
        spread = f"{sign[measure.worse]}{limit.widened:g}"
    elif math.isinf(limit.bounds[0]):
        spread = f"at most {limit.bounds[1]:g}"
    else:
        spread = f"{limit.bounds[0]:g} to {limit.bounds[1]:g}"
    title = f"{measure.title} ({measure.unit})"
    return f"| `{limit.code}` | {title} | {limit.margin:g} | {spread} | {limit.why} |"


@pytest.mark.parametrize("measure", CATALOGUE, ids=MEASURES)
def test_the_table_of_the_documentation_is_that_of_the_code(measure: Measure) -> None:
    page = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert documented(measure) in page


@pytest.mark.parametrize(("level", "counts"), [(-80.0, -45.0), (-38.0, -38.0), (-5.0, -20.0)])
def test_sound_outside_the_words_counts_within_bounds(level: float, counts: float) -> None:
    assert as_compared("outside_db", level) == counts
    assert as_compared("background_db", level) == level
