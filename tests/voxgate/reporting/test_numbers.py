"""How figures are read."""

from __future__ import annotations

import pytest

from voxgate.reporting.numbers import bounds, plain


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (0.0532, "wer", "5.3 %"),
        (-0.0532, "wer_versus_champion", "−5.3 %"),
        (0.8951, "similarity", "0.895"),
        (7600.4, "bandwidth_hz", "7,600"),
        (-23.04, "level_lufs", "−23.0"),
        (0.00002, "dc_offset", "2e−05"),
        (0.0, "dc_offset", "0"),
        (12, "prompts", "12"),
        (None, "wer", "–"),
        (float("nan"), "wer", "–"),
        ("step-1", "name", "step-1"),
        (True, "eligible", "True"),
    ],
)
def test_a_number_is_written_for_readers(value: object, name: str, expected: str) -> None:
    assert plain(value, name) == expected


def test_an_interval_carries_its_bounds() -> None:
    interval = {"point": 0.06, "low": 0.039, "high": 0.094}
    assert bounds(interval, "wer") == "6.0 % [3.9, 9.4 %]"
    assert bounds(None, "wer") == "–"
