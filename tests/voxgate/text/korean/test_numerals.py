from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.korean.numerals import cardinal, digits, native, spoken_number


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("0", "영"),
        ("10", "십"),
        ("111", "백십일"),
        ("2024", "이천이십사"),
        ("10000", "만"),
        ("11000", "만천"),
        ("20000", "이만"),
        ("110000", "십일만"),
        ("100000000", "일억"),
        ("1000100000000", "일조일억"),
        ("10001", "만일"),
        ("100010000", "일억일만"),
        ("007", "공공칠"),
        (
            "9" * 52,
            "구천구백구십구극"
            + "".join("구천구백구십구" + m for m in "재정간구양자해경조억만")
            + "구천구백구십구",
        ),
        ("9" * 53, "구" * 53),
    ],
)
def test_cardinals(number: str, spoken: str) -> None:
    assert cardinal(number) == spoken


def test_native_numerals() -> None:
    assert [native(n) for n in (1, 2, 3, 4, 10, 20, 21, 99)] == [
        "한", "두", "세", "네", "열", "스무", "스물한", "아흔아홉"
    ]  # fmt: skip


def test_zero_is_gong_in_codes_and_yeong_behind_a_point() -> None:
    assert digits("010") == "공일공"
    assert spoken_number("0.05") == "영점영오"


def test_endless_numbers_are_refused() -> None:
    with pytest.raises(TextError, match="a number of 1001 digits, beginning with 11111"):
        spoken_number("1" * 1001)
