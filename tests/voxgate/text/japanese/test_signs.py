"""Arithmetic, signs before numbers, and lone signs."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.signs import speak_arithmetic, speak_lone_signs, speak_numbers


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2×3=6", "2かける3は6"),
        ("9-4=5", "9ひく4は5"),
        ("7 - 2", "7ひく2"),
        ("8÷4", "8わる4"),
        ("5±1", "5プラスマイナス1"),
        ("10²", "10の2乗"),
        ("2^10", "2の10乗"),
        ("3<5", "3小なり5"),
        ("あ-い", "あ-い"),
    ],
)
def test_formulas_are_said_in_words(written: str, spoken: str) -> None:
    assert speak_arithmetic(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("-5度", "マイナス5度"),
        ("気温は-5度", "気温はマイナス5度"),
        ("+3", "プラス3"),
        ("No.5", "ナンバー5"),
        ("#1", "ナンバー1"),
        ("007", "ゼロゼロナナ"),
    ],
)
def test_signs_before_numbers(written: str, spoken: str) -> None:
    assert speak_numbers(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("#旅行", "ハッシュタグ旅行"),
        ("AとB&C", "AとBアンドC"),
        ("前→次", "前から次"),
        ("※注意", "、注意"),
    ],
)
def test_lone_signs_are_named(written: str, spoken: str) -> None:
    assert speak_lone_signs(written) == spoken
