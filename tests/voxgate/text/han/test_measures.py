from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.measures import speak_measures, speak_percentages


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("12.5%", "百分之十二点五"),
        ("3到5%", "百分之三到五"),
        ("100%", "百分之百"),
        ("-3%", "负百分之三"),
        ("5‰", "千分之五"),
    ],
)
def test_speak_percentages(written: str, said: str) -> None:
    assert speak_percentages(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("65kg", "六十五千克"),
        ("-5℃", "零下五摄氏度"),
        ("2m", "两米"),
        ("2℃", "二摄氏度"),
        ("3到5km", "三到五千米"),
        ("120km/h", "一百二十千米每小时"),
        ("5kg/m³", "五千克每立方米"),
        ("30元/人", "30元每人"),
        ("3万km", "三万千米"),
        ("5kmx", "5kmx"),
        ("三千km", "三千千米"),
        ("每㎡", "每平方米"),
    ],
)
def test_speak_measures(written: str, said: str) -> None:
    assert speak_measures(written, MANDARIN) == said
