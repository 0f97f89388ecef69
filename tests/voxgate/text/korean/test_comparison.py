from __future__ import annotations

from voxgate.text.korean.comparison import sounds, written


def test_spaces_and_marks_do_not_count() -> None:
    assert sounds('"스무 명", 네~ (끝).') == sounds("스무명 네 끝") == tuple("스무명네끝")


def test_inline_readings_count_as_written() -> None:
    assert written("{문법|문뻡}을") == tuple("문법을")
