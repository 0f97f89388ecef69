"""Numbers that a sign joins."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.ranges import (
    speak_fractions,
    speak_pairs,
    speak_ranges,
    speak_scores,
    speak_series,
)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [("3.11.2", "3点11点2"), ("1-2-3", "1の2の3"), ("本町5-12", "本町5の12"), ("3.14", "3.14")],
)
def test_versions_and_addresses(written: str, spoken: str) -> None:
    assert speak_series(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3-2で勝った", "3対2で勝った"),
        ("スコアは3-2", "スコアは3対2"),
        ("16:9", "16対9"),
        ("1:2:3", "1対2対3"),
        ("巨人5-3阪神", "巨人5対3阪神"),
        ("A vs B", "A 対 B"),
        ("3-5日", "3-5日"),
    ],
)
def test_scores_and_ratios(written: str, spoken: str) -> None:
    assert speak_scores(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("二、三人", " ニ 3人"),
        ("4、5本", " シ 5本"),
        ("二、三日", " ニサン日"),
        ("二、五人", "二、五人"),
        ("第1、2章", "第1、2章"),
    ],
)
def test_about_so_many(written: str, spoken: str) -> None:
    assert speak_pairs(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [("1/2", "2分の1"), ("2と3/4", "2と4分の3"), ("1/2/3", "1/2/3"), ("3/0", "3/0")],
)
def test_fractions(written: str, spoken: str) -> None:
    assert speak_fractions(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3〜5人", "3から5人"),
        ("10時〜12時", "10時から12時"),
        ("3-5日", "3から5日"),
        ("15時〜", "15時から"),
        ("東京〜大阪", "東京から大阪"),
        ("そうですね〜", "そうですね〜"),
        ("A-5", "A-5"),
    ],
)
def test_ranges(written: str, spoken: str) -> None:
    assert speak_ranges(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("10時-17時", "10時から17時"),
        ("月〜金 9時", "月曜から金曜 9時"),
        ("6-4", "6対4"),
        ("第3-2条", "第3-2条"),
    ],
)
def test_hyphens_between_times_weekdays_and_points(written: str, spoken: str) -> None:
    assert speak_ranges(written) == spoken
