import pytest

from voxgate.gate.criterion import Ruling, within
from voxgate.gate.statistics import Interval


@pytest.mark.parametrize(
    ("interval", "ruling", "limit"),
    [
        (Interval(0.2, -0.3, 0.7), Ruling.PASS, 1.0),
        (Interval(-0.2, -0.7, 0.3), Ruling.PASS, -1.0),
        (Interval(1.5, 1.2, 1.8), Ruling.FAIL, 1.0),
        (Interval(-1.5, -1.8, -1.2), Ruling.FAIL, -1.0),
        (Interval(0.8, 0.5, 1.1), Ruling.INCONCLUSIVE, 1.0),
        (Interval(-0.8, -1.1, -0.5), Ruling.INCONCLUSIVE, -1.0),
        (Interval(0.3, -1.2, 1.8), Ruling.INCONCLUSIVE, 1.0),
    ],
)
def test_between_two_limits_the_one_that_decides_is_named(
    interval: Interval, ruling: Ruling, limit: float
) -> None:
    found = within("pace_floor", "challenger", "pace", interval, (-1.0, 1.0))
    assert (found.ruling, found.threshold) == (ruling, limit)
