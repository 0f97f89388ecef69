from __future__ import annotations

import pytest

from voxgate.text.korean.amounts import CURRENCIES, UNITS, speak_money, speak_units
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS


def test_all_money_is_named() -> None:
    assert {*CURRENCY_SIGNS, *CURRENCY_CODES} <= set(CURRENCIES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$20", "이십달러"),
        ("20 USD", "이십달러"),
        ("$3만", "삼만달러"),
        ("$19.99", "십구달러 구십구센트"),
        ("$19.00", "십구달러"),
        ("£0.5", "영점오파운드"),
        ("HK$100", "백홍콩달러"),
        ("5원", "5원"),
        ("$100을 €5은", "백달러를 오유로는"),
    ],
)
def test_money(text: str, said: str) -> None:
    assert speak_money(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5km", "오킬로미터"),
        ("5 kg", "오 킬로그램"),
        ("10만km", "십만킬로미터"),
        ("시속 60km/h", "시속 육십킬로미터"),
        ("-5°C", "영하 오도"),
        ("영하 -5도", "영하 5도"),
        ("-3kg", "마이너스 삼킬로그램"),
        ("3h", "3시간"),
        ("5kgs", "5kgs"),
        ("5kg를 3%으로 5km이고", "오킬로그램을 삼퍼센트로 오킬로미터이고"),
        ("5,000원/kg", "5,000원 퍼 킬로그램"),
    ],
)
def test_units(text: str, said: str) -> None:
    assert speak_units(text) == said


def test_units_are_in_hangul() -> None:
    assert all("가" <= char <= "힣" for name in UNITS.values() for char in name)
