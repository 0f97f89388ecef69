from __future__ import annotations

import pytest

from voxgate.text.chinese.groups import join_words
from voxgate.text.chinese.words import Word


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("不/d 去/v", "不去/v"),
        ("听/v 一/m 听/v", "听一听/v"),
        ("一/m 杯酒/n", "一杯酒/m"),
        ("谢/v 谢/v 你/r", "谢谢/v 你/r"),
        ("我/r 想/v 买/v", "我想买/r"),
        ("家里/s 等/u 他/r", "家里等/s 他/r"),
        ("小鸟/n 儿/n", "小鸟儿/n"),
        ("天/n 气/n", "天/n 气/n"),
    ],
)
def test_words_whose_tones_meet_are_joined(words: str, groups: str) -> None:
    given = [Word(*word.split("/")) for word in words.split()]
    assert join_words(given) == tuple(Word(*word.split("/")) for word in groups.split())
