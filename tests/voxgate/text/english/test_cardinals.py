from __future__ import annotations

import pytest

from voxgate.text.english.cardinals import read_cardinal
from voxgate.text.english.numbers import cardinal


@pytest.mark.parametrize("value", [1, 10, 19, 20, 99, 100, 110, 1001, 12_345, 700_000, 2_000_003])
def test_what_the_front_end_says_is_read_back(value: int) -> None:
    words = cardinal(str(value)).replace("-", " ").split()
    assert read_cardinal([*words, "people"], 0) == (value, len(words))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("people", None),
        ("hundred", None),
        ("a people", None),
        ("a hundred and five", (105, 4)),
        ("nineteen hundred", (1900, 2)),
        ("nineteen ninety", (19, 1)),
        ("eight hundred five five", (800, 2)),
        ("two thousand three thousand", (2000, 2)),
        ("two thousand and", (2000, 2)),
        ("", None),
    ],
)
def test_the_longest_cardinal_is_read_and_no_more(said: str, read: tuple[int, int] | None) -> None:
    assert read_cardinal(said.split(), 0) == read
