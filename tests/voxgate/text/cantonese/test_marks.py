from __future__ import annotations

import pytest

from voxgate.text.cantonese.marks import tidy


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("佢話：「早晨！」", "佢話,早晨!"),
        ("《花樣年華》好好睇。", "花樣年華好好睇."),
        ("蘋果、橙；仲有(好甜嘅)西瓜", "蘋果,橙,仲有好甜嘅西瓜"),
        ("真係？！", "真係?"),
        ("唔係啩……", "唔係啩…"),
        ("等等...", "等等…"),
        ("好呀～", "好呀…"),
        ("一行\n二行", "一行.二行"),
        ("你——你做咩", "你-你做咩"),
        ("好 靚 呀", "好靚呀"),
    ],
)
def test_marks_fold_onto_six(written: str, tidied: str) -> None:
    assert tidy(written) == tidied
    assert tidy(tidied) == tidied
