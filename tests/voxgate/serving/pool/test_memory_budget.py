import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.errors import ConfigError
from voxgate.serving.pool.memory_budget import MeasuredMemory, MeasuredSize


def table(*rows: tuple[int, int, int]) -> MeasuredMemory:
    return MeasuredMemory(
        sizes=tuple(MeasuredSize(phones=p, sentences=s, peak_bytes=b) for p, s, b in rows)
    )


MEASURED = table((50, 1, 100), (50, 4, 300), (200, 1, 350), (200, 4, 1200))


@pytest.mark.parametrize(
    ("phones", "needed"),
    [
        ([], 0),
        ([50], 100),
        ([51], 350),
        ([20, 30], 300),
        ([20, 60], 1200),
        ([201], None),
        ([10] * 5, None),
    ],
)
def test_a_batch_needs_what_the_least_measured_batch_that_holds_it_needs(phones, needed):
    assert MEASURED.needed_bytes(phones) == needed


@pytest.mark.parametrize(
    ("phones", "free_bytes", "count"),
    [
        ([40, 40, 40], 300, 3),
        ([40, 40, 40], 299, 1),
        ([40, 200, 40], 400, 1),
        ([200, 40], 400, 1),
        ([200], 349, 0),
        ([300, 10], 9999, 0),
        ([10] * 9, 9999, 4),
        ([], 9999, 0),
    ],
)
def test_as_many_of_the_first_are_admitted_as_fit(phones, free_bytes, count):
    assert MEASURED.admitted(phones, free_bytes=free_bytes) == count


@given(st.lists(st.integers(1, 250), max_size=8), st.integers(0, 1500))
def test_what_is_admitted_fits_and_one_more_would_not(phones, free_bytes):
    count = MEASURED.admitted(phones, free_bytes=free_bytes)
    needed = MEASURED.needed_bytes(phones[:count])
    assert needed is not None
    assert needed <= free_bytes
    if count < len(phones):
        more = MEASURED.needed_bytes(phones[: count + 1])
        assert more is None or more > free_bytes


def test_measurements_that_cannot_be_are_named_together():
    with pytest.raises(ConfigError, match="no size was measured"):
        table()
    with pytest.raises(ConfigError) as caught:
        table((50, 1, 100), (60, 2, 90), (0, 1, 5))
    assert len(caught.value.faults) == 2
