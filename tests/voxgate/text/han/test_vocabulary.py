from __future__ import annotations

import re

from voxgate.text.han import vocabulary


def test_alternatives_try_the_longest_first() -> None:
    pattern = re.compile(vocabulary.alternatives("年 年级 a.b"))
    match = pattern.match("年级")
    assert match is not None
    assert match.group() == "年级"
    assert pattern.match("axb") is None


def test_counters_and_ranks_are_words() -> None:
    assert "个" in vocabulary.COUNTERS.split()
    assert "楼" in vocabulary.RANK_AFTER.split()
