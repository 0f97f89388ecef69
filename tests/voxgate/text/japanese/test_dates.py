"""Dates, times and telephone numbers."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.dates import speak_dates, speak_telephones, speak_times


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2024-05-01", "2024年5月1日"),
        ("2024/13/1", "2024/13/1"),
        ("1/2", "1/2"),
        ("3/4カップ", "3/4カップ"),
        ("5/1", "5月1日"),
        ("3/8に会う", "3月8日に会う"),
        ("期限は3/8", "期限は3月8日"),
        ("3/8（金）", "3月8日（金曜日）"),
        ("2024/5", "2024年5月"),
        ("05月09日", "5月9日"),
    ],
)
def test_days_are_told_from_fractions(written: str, spoken: str) -> None:
    assert speak_dates(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("7:00", "7時"),
        ("22:45発", "22時45分発"),
        ("2:05:09", "2時5分9秒"),
        ("3:2", "3:2"),
        ("25:30", "25時30分"),
        ("99:99", "99:99"),
        ("21:19で勝利", "21:19で勝利"),
        ("縮尺1:50", "縮尺1:50"),
        ("7:30pm", "午後7時30分"),
    ],
)
def test_times_are_told_from_scores(written: str, spoken: str) -> None:
    assert speak_times(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("03-1234-5678", "ゼロサン、イチニーサンヨン、ゴーロクナナハチ"),
        ("0120-444-444", "ゼロイチニーゼロ、ヨンヨンヨン、ヨンヨンヨン"),
        ("09012345678", "ゼロキューゼロイチニーサンヨンゴーロクナナハチ"),
        ("+81-3-1234-5678", "プラスハチイチ、サン、イチニーサンヨン、ゴーロクナナハチ"),
        ("1-2-3", "1-2-3"),
        ("100-0001", "イチゼロゼロ、ゼロゼロゼロイチ"),
        ("内線123", "内線イチニーサン"),
        ("番号は100個", "番号は100個"),
    ],
)
def test_telephone_numbers_are_said_digit_by_digit(written: str, spoken: str) -> None:
    assert speak_telephones(written) == spoken
