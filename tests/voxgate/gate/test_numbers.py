from __future__ import annotations

import pytest

from voxgate.gate.numbers import is_number


@pytest.mark.parametrize("value", [0, -1, 2.5])
def test_finite_figures_are_numbers(value: object) -> None:
    assert is_number(value)


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), "1", None, [1]])
def test_anything_else_is_none(value: object) -> None:
    assert not is_number(value)
