"""What Japanese texts are compared by when a voice is judged."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.comparison import sounds, written


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("六時に起きる。", "6時に起きる"),
        ("切り", "霧"),
        ("熱いお茶", "暑いお茶"),
        ("ケーキを食べる", "けえきをたべる"),
        ("学校へ行こう", "がっこうえいこう"),
        ("コーヒーは500円です", "コーヒーは五百円です"),
    ],
)
def test_what_sounds_the_same_is_the_same(said: str, heard: str) -> None:
    assert sounds(said) == sounds(heard)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("頑張って", "かんはって"),
        ("おばさん", "おばあさん"),
        ("来て", "切って"),
        ("橋本", "橋元は"),
    ],
)
def test_what_sounds_different_is_different(said: str, heard: str) -> None:
    assert sounds(said) != sounds(heard)


def test_sounds_are_moras_without_marks() -> None:
    assert sounds("「今日」は、{東雲|シノノ'メ}!") == ("キョ", "オ", "ワ", "シ", "ノ", "ノ", "メ")


def test_written_characters_come_without_marks() -> None:
    assert written("「猫」は,{薔薇|バ'ラ}と2匹.") == tuple("猫は薔薇と2匹")
