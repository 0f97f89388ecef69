"""Marks: pauses and slight breaks."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.marks import fold_marks, is_speakable, tidy


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("はい。", "はい."),
        ("はい、", "はい,"),
        ("え。。。", "え…"),
        ("え・・・", "え…"),
        ("すごい!!!!", "すごい!!"),
        ("なに!?", "なに!?"),
        ("あ―い", "あ-い"),
        ("ー", "-"),
        ("すごーーーーーい", "すごーーーい"),
    ],
)
def test_marks_are_folded(written: str, folded: str) -> None:
    assert fold_marks(written) == folded


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("一\n二", "一.二"),
        ("一.\n二", "一.二"),
        ("一,,二", "一,二"),
        ("一 , 二", "一,二"),
        ("「」一", "一"),
        (",一", "一"),
        ("一  二", "一 二"),
        ("一,.", "一."),
    ],
)
def test_texts_are_tidied(written: str, tidied: str) -> None:
    assert tidy(written) == tidied


def test_marks_alone_are_not_speakable() -> None:
    assert not is_speakable("、。!?「」…〜")
    assert is_speakable("あ")
