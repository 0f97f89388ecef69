from __future__ import annotations

import pytest

from voxgate.text.chinese.erhua import say_er
from voxgate.text.chinese.words import Word


@pytest.mark.parametrize(
    ("word", "flag", "given", "said"),
    [
        ("一会儿", "m", "yi2 hui4 er2", "yi2 hui4 er4"),
        ("女儿", "n", "nv3 er2", "nv3 er2"),
        ("小鸟儿", "nr", "xiao2 niao3 er2", "xiao2 niao3 er2"),
        ("媳妇儿", "n", "xi2 fu5 er2", "xi2 fu5 er5"),
        ("儿", "n", "er2", "er2"),
        ("花园", "n", "hua1 yuan2", "hua1 yuan2"),
    ],
)
def test_er_takes_the_tone_before_it_or_stands_alone(
    word: str, flag: str, given: str, said: str
) -> None:
    assert " ".join(say_er(Word(word, flag), given.split())) == said
