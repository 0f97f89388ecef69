from __future__ import annotations

import pytest

from voxgate.text.korean.calendar import speak_dates, speak_months, speak_times


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-05-01", "2024년 5월 1일"),
        ("2024.5.1.", "2024년 5월 1일"),
        ("2024. 5. 1.(수)", "2024년 5월 1일 수요일"),
        ("24/05/01", "24년 5월 1일"),
        ("5/3(금)", "5월 3일 금요일"),
        ("5월 3일(금)", "5월 3일 금요일"),
        ("2024-13-01", "2024-13-01"),
        ("2024.05까지", "2024년 5월까지"),
        ("192.168.0.1", "192.168.0.1"),
    ],
)
def test_dates(text: str, said: str) -> None:
    assert speak_dates(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3:20", "3시 20분"),
        ("9:00", "9시"),
        ("15:30:20", "15시 30분 20초"),
        ("3:2", "3 대 2"),
        ("21:15로 이겼다", "21 대 15로 이겼다"),
        ("비율은 16:10", "비율은 16 대 10"),
        ("1:2:3", "1 대 2 대 3"),
        ("25:10", "25 대 10"),
        ("스코어 3-1", "스코어 3 대 1"),
        ("3-1", "3-1"),
    ],
)
def test_times_scores_and_ratios(text: str, said: str) -> None:
    assert speak_times(text) == said


def test_june_and_october() -> None:
    assert speak_months("6월, 10월, 16월, 12월, 6개월") == "유월, 시월, 16월, 12월, 6개월"
    assert speak_months("6·10월") == "유월, 시월"
