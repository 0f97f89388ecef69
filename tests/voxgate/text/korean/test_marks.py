from __future__ import annotations

import pytest

from voxgate.text.korean.marks import drop_emoticons, speakable, tidy


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("가 ; 나 : 다", "가, 나, 다"),
        ("가...  나", "가… 나"),
        ("가!!! 나?!", "가! 나?!"),
        ("가 — 나", "가, 나"),
        ("한-미", "한-미"),
        ("가\n나\n\n다", "가. 나. 다"),
        ("[가] '나'", '(가) "나"'),
        ("가, . 나", "가. 나"),
        (", 가 -", "가"),
        ("가()", "가"),
    ],
)
def test_marks(text: str, tidied: str) -> None:
    assert tidy(text) == tidied
    assert tidy(tidied) == tidied


def test_faces_are_dropped() -> None:
    assert drop_emoticons("네 :) 좋아요^^").split() == ["네", "좋아요"]
    assert drop_emoticons("(가: 나)") == "(가: 나)"


def test_only_letters_are_spoken() -> None:
    assert speakable("가.")
    assert not speakable('."~')
