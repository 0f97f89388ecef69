"""Dates, times, numbers, money and telephone numbers are said as they were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.campaigns.templates.figures import CURRENCIES
from voxgate.campaigns.templates.slots import SlotValue, ValueFault, parse_slot
from voxgate.campaigns.templates.values import read_value
from voxgate.text.front_end import FrontEnd


def read(declaration: str, raw: str) -> SlotValue | ValueFault:
    slot = parse_slot(declaration)
    assert slot is not None
    return read_value(slot, raw)


def spoken(declaration: str, raw: str) -> str:
    value = read(declaration, raw)
    assert isinstance(value, SlotValue), value
    return value.spoken


@pytest.mark.parametrize(
    ("declaration", "raw", "written", "said"),
    [
        ("date", "2026-12-03", "December 3, 2026", "December third, twenty twenty-six"),
        (
            "date with weekday",
            "2026-12-03",
            "Thursday, December 3, 2026",
            "Thursday, December third, twenty twenty-six",
        ),
        ("date without year", "2028-02-29", "February 29", "February twenty-ninth"),
        ("time", "14:30", "2:30 PM", "two thirty P M"),
        ("time", "00:05", "12:05 AM", "twelve oh five A M"),
        ("time", "2 p.m.", "2:00 PM", "two P M"),
        ("time", "12:00", "12:00 PM", "twelve P M"),
        ("number", "1500", "1,500", "one thousand five hundred"),
        ("number", "-2.50", "-2.50", "minus two point five zero"),
        ("money", "12.50 USD", "$12.50", "twelve dollars and fifty cents"),
        ("money", "USD 12.50", "$12.50", "twelve dollars and fifty cents"),
        ("money", "$1,234", "$1,234", "one thousand two hundred thirty-four dollars"),
        ("money", "-7 CHF", "-CHF 7", "minus seven francs"),
        ("money", "€1", "€1", "one euro"),
        (
            "phone",
            "+1 555-010-7788",
            "plus one, five five five, zero one zero, seven seven eight eight",
            "plus one, five five five, zero one zero, seven seven eight eight",
        ),
        (
            "phone",
            "5550107788",
            "five five five, zero one zero, seven seven eight eight",
            "five five five, zero one zero, seven seven eight eight",
        ),
    ],
)
def test_a_figure_is_written_so_that_it_is_said_well(
    declaration: str, raw: str, written: str, said: str, english: FrontEnd
) -> None:
    assert spoken(declaration, raw) == written
    assert english.normalise(f"It is {written} for you.") == f"It is {said} for you."


@pytest.mark.parametrize(
    ("declaration", "raw", "code"),
    [
        ("date", "03/12/2026", "no_date"),
        ("date", "2026-02-30", "no_date"),
        ("date", "1026-02-03", "no_date"),
        ("date", "２026-12-03", "no_date"),
        ("time", "24:00", "no_time"),
        ("time", "13:00 PM", "no_time"),
        ("time", "9:60", "no_time"),
        ("time", "9", "no_time"),
        ("number", "007", "no_number"),
        ("number", "1,50", "no_number"),
        ("number", "1e9", "no_number"),
        ("number", "9" * 13, "no_number"),
        ("number", "NaN", "no_number"),
        ("money", "12.50", "no_money"),
        ("money", "$12.50 USD", "no_money"),
        ("money", "12.5 USD", "no_money"),
        ("money", "100.50 JPY", "no_money"),
        ("money", "5 XYZ", "no_money"),
        ("phone", "12", "no_phone"),
        ("phone", "1" * 16, "no_phone"),
        ("phone", "555-CALL-NOW", "no_phone"),
        ("phone", "555 ext. 4", "no_phone"),
        ("phone", "", "missing"),
        ("number", "1" * 401, "too_long"),
    ],
)
def test_a_figure_that_has_two_readings_or_none_is_a_fault(
    declaration: str, raw: str, code: str
) -> None:
    fault = read(declaration, raw)
    assert isinstance(fault, ValueFault)
    assert fault.code == code
    assert "expected" in fault.detail or code == "too_long"


@pytest.mark.parametrize("code", CURRENCIES)
def test_the_front_end_reads_every_currency(code: str, english: FrontEnd) -> None:
    said = english.normalise(f"You owe {spoken('money', f'1,234 {code}')} today.")
    assert said.startswith("You owe one thousand two hundred thirty-four ")
    assert " ".join(code) not in said


@given(number=st.decimals(-(10**11), 10**11, places=2))
def test_a_number_keeps_its_digits(number: object) -> None:
    assert spoken("number", str(number)).replace(",", "") == str(number)


@given(digits=st.text("0123456789", min_size=3, max_size=15), plus=st.booleans())
def test_a_telephone_number_keeps_its_digits(digits: str, plus: bool) -> None:
    names = "zero one two three four five six seven eight nine".split()
    said = spoken("phone", f"{'+' if plus else ''}{digits}").replace(",", "").split()
    assert said[:1] == (["plus"] if plus else said[:1])
    assert "".join(str(names.index(word)) for word in said[plus:]) == digits
