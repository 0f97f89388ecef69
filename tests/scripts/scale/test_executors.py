from __future__ import annotations

import pytest

from scripts.scale import executors


def test_ways_are_compared_with_serial_in_the_same_round(
    capsys: pytest.CaptureFixture[str],
) -> None:
    executors._print(
        {"plain loop": [40.0, 44.0], "serial": [10.0, 20.0], "processes": [5.0, 16.0]},
        {"plain loop": "", "serial": "a", "processes": "b"},
        clips=100,
    )
    lines = capsys.readouterr().out.splitlines()[2:]
    assert lines == [
        "| plain loop | 42.0 | 2.38 | 0.35 | another kind |",
        "| serial | 15.0 | 6.67 | 1.00 | yes |",
        "| processes | 10.5 | 9.52 | 1.62 | no |",
    ]
