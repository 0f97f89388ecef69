from __future__ import annotations

import pytest

from voxgate.text.korean.counters import speak_counted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3개", "세개"),
        ("20 명", "스무 명"),
        ("12시", "열두시"),
        ("13시", "13시"),
        ("23시간", "스물세시간"),
        ("24시간", "24시간"),
        ("3개월", "3개월"),
        ("2번 갔다", "두번 갔다"),
        ("2번 출구", "2번 출구"),
        ("정답은 2번", "정답은 2번"),
        ("1번째", "첫번째"),
        ("10대", "10대"),
        ("버스 10대", "버스 열대"),
        ("3대 요소", "3대 요소"),
        ("3대", "세대"),
        ("제3장", "제3장"),
        ("3장소", "3장소"),
        ("100개", "100개"),
        ("2.5배", "2.5배"),
        ("0개", "0개"),
        ("5개 국어", "5개 국어"),
        ("5, 6명", "다섯, 여섯명"),
        ("3층", "3층"),
    ],
)
def test_native_numerals_before_native_counters_only(text: str, said: str) -> None:
    assert speak_counted(text) == said
