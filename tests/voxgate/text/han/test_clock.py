from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.clock import speak_times


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3:30", "三点半"),
        ("9:05", "九点零五分"),
        ("2:00", "两点"),
        ("6:00:30", "六点零分三十秒"),
        ("8:30-12:00", "八点半至十二点"),
        ("12点05分", "十二点五分"),
        ("比分21:15", "比分21:15"),
        ("25:30", "25:30"),
        ("3:2", "3:2"),
    ],
)
def test_speak_times(written: str, said: str) -> None:
    assert speak_times(written, MANDARIN) == said
