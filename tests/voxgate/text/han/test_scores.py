from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.scores import speak_scores


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3:2", "三比二"),
        ("1：50000", "一比五万"),
        ("比分是3-2", "比分是三比二"),
        ("3-2天", "3-2天"),
        ("比分:3:2", "比分:三比二"),
    ],
)
def test_speak_scores(written: str, said: str) -> None:
    assert speak_scores(written, MANDARIN) == said
