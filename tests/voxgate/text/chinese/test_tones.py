from __future__ import annotations

import pytest

from voxgate.text.chinese.tones import change_tones
from voxgate.text.chinese.words import Word


@pytest.mark.parametrize(
    "line",
    [
        "不怕 v bu4 pa4|bu2 pa4",
        "不来 v bu4 lai2|bu4 lai2",
        "看不懂 v kan4 bu4 dong3|kan4 bu5 dong3",
        "真不错 a zhen1 bu4 cuo4|zhen1 bu2 cuo4",
        "一个 m yi1 ge4|yi2 ge5",
        "一天 m yi1 tian1|yi4 tian1",
        "第一 m di4 yi1|di4 yi1",
        "看一看 v kan4 yi1 kan4|kan4 yi5 kan4",
        "十一月 t shi2 yi1 yue4|shi2 yi1 yue4",
        "一百 m yi1 bai3|yi4 bai3",
        "妈妈 n ma1 ma1|ma1 ma5",
        "处处 n chu4 chu4|chu4 chu4",
        "桌子 n zhuo1 zi3|zhuo1 zi5",
        "原子 n yuan2 zi3|yuan2 zi3",
        "地里 s di4 li3|di4 li5",
        "上来 v shang4 lai2|shang4 lai5",
        "学生 n xue2 sheng1|xue2 sheng5",
        "哪里 r na3 li3|na2 li5",
        "你好 l ni3 hao3|ni2 hao3",
        "展览馆 n zhan3 lan3 guan3|zhan2 lan2 guan3",
        "小老虎 n xiao3 lao3 hu3|xiao3 lao2 hu3",
    ],
)
def test_tones_change_inside_a_word(line: str) -> None:
    given, said = line.split("|")
    text, flag, *syllables = given.split(" ")
    assert " ".join(change_tones(Word(text, flag), syllables, "", "")) == said


def test_a_one_between_digits_keeps_its_tone() -> None:
    assert change_tones(Word("一零", "m"), ["yi1", "ling2"], "二点", "点三")[0] == "yi1"
    assert change_tones(Word("一战", "n"), ["yi1", "zhan4"], "三比", "胜")[0] == "yi1"
