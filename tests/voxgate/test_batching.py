import pytest

from voxgate.batching import batched


def test_lists_of_one_size_come_in_order_and_the_last_is_shorter():
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert not list(batched([], 2))


def test_a_size_below_one_is_refused():
    with pytest.raises(ValueError, match="size"):
        next(batched([1], 0))
