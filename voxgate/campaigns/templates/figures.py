"""Read dates, times, numbers, money and telephone numbers, and write them as they are to be said.

What is written gives one reading wherever it stands: numbers have their thousands parted, so that
none is taken for a year; telephone numbers are words, so that none is taken for an amount.
"""

from __future__ import annotations

import re
from datetime import date

from voxgate.campaigns.templates.slots import Slot, ValueFault
from voxgate.excerpts import excerpt

__all__ = ["CURRENCIES", "write_date", "write_money", "write_number", "write_phone", "write_time"]

CURRENCIES = (
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CAD",
    "AUD",
    "NZD",
    "HKD",
    "SGD",
    "BRL",
    "CNY",
    "INR",
    "KRW",
    "RUB",
    "TRY",
    "PHP",
    "ILS",
    "VND",
    "MXN",
    "PLN",
    "SEK",
    "NOK",
    "DKK",
    "CHF",
)
"""Codes of the currencies whose amounts the front end reads."""

_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_WRITTEN = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_WITHOUT_HUNDREDTHS = frozenset(("JPY", "KRW", "VND"))

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_NOON = 12

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(?: ?([AaPp])\.?[Mm]\.?)?")
_AMOUNT = r"(?P<whole>(?:0|[1-9][0-9]{0,11}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}))"
_NUMBER = re.compile(rf"(?P<sign>[-−]?){_AMOUNT}(?P<fraction>\.[0-9]{{1,6}})?")
_CODE = rf"(?:{'|'.join(map(re.escape, (*CURRENCIES, *sorted(_SIGNS, key=len, reverse=True))))})"
_MONEY = re.compile(
    rf"(?P<sign>[-−]?)(?:(?P<before>{_CODE}) ?)?{_AMOUNT}(?:\.(?P<cents>[0-9]{{2}}))?"
    rf"(?: ?(?P<after>{_CODE}))?"
)
_PHONE = re.compile(r"\+?\(?[0-9](?:[ ()./-]{0,2}[0-9])*\)?")
_FEWEST_DIGITS, _MOST_DIGITS = 3, 15
_LONGEST_GROUP = 4
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def write_date(raw: str, slot: Slot) -> str | ValueFault:
    """Write 2026-12-03 as "December 3, 2026", with the weekday and without the year if asked."""
    match = _DATE.fullmatch(raw)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return ValueFault(
            code="no_date",
            detail=(
                f"expected a day of the calendar as 2026-12-03 (year-month-day, {_FIRST_YEAR} to "
                f"{_LAST_YEAR}), got {excerpt(raw)}; write it so, for 03/12 has two readings"
            ),
        )
    weekday = f"{_WEEKDAYS[day.weekday()]}, " if slot.weekday else ""
    year = f", {day.year}" if slot.year else ""
    return f"{weekday}{_MONTHS[day.month - 1]} {day.day}{year}"


def write_time(raw: str) -> str | ValueFault:
    """Write 14:30, 2:30 pm or 2 p.m. as "2:30 PM"."""
    match = _TIME.fullmatch(raw)
    if match and (match[2] or match[3]):
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").upper()
        fits = 1 <= hour <= _NOON if half else hour < 2 * _NOON
        if fits and minute < 60:  # noqa: PLR2004 - minutes of an hour
            half = half or ("P" if hour >= _NOON else "A")
            return f"{hour % _NOON or _NOON}:{minute:02d} {half}M"
    return ValueFault(
        code="no_time",
        detail=f"expected a time of day as 14:30 or 2:30 PM, got {excerpt(raw)}; write it so",
    )


def write_number(raw: str) -> str | ValueFault:
    """Write 1500 as "1,500"; up to 12 digits before the point and 6 behind it."""
    match = _NUMBER.fullmatch(raw)
    if match is None:
        return ValueFault(
            code="no_number",
            detail=(
                f"expected a number as 1500, 1,500 or -2.5 (at most 12 digits before the point and "
                f"6 behind it), got {excerpt(raw)}; write it so, or make the slot a text or a "
                "phone where it is a code"
            ),
        )
    return f"{'-' if match['sign'] else ''}{_grouped(match['whole'])}{match['fraction'] or ''}"


def write_money(raw: str) -> str | ValueFault:
    """Write 12.50 USD, USD 12.50 or $12.50 as "$12.50"; hundredths have two digits or are left."""
    match = _MONEY.fullmatch(raw)
    if match is None or bool(match["before"]) == bool(match["after"]):
        return _no_money(raw, "an amount with one currency as 12.50 USD, USD 12 or $12.50")
    code = match["before"] or match["after"]
    code = _SIGNS.get(code, code)
    if match["cents"] and code in _WITHOUT_HUNDREDTHS:
        return _no_money(raw, f"a whole amount, for {code} has no hundredths")
    cents = f".{match['cents']}" if match["cents"] else ""
    written = _WRITTEN.get(code, f"{code} ")
    return f"{'-' if match['sign'] else ''}{written}{_grouped(match['whole'])}{cents}"


def write_phone(raw: str) -> str | ValueFault:
    """Write +1 555-010-7788 in words digit by digit, a comma between the groups."""
    digits = re.sub(r"[^0-9]", "", raw)
    if not _PHONE.fullmatch(raw) or not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return ValueFault(
            code="no_phone",
            detail=(
                f"expected a telephone number of {_FEWEST_DIGITS} to {_MOST_DIGITS} digits as "
                f"+1 555-010-7788, got {excerpt(raw)}; letters and extensions cannot be said here"
            ),
        )
    groups = [" ".join(_DIGITS[int(digit)] for digit in group) for group in _groups(raw, digits)]
    return f"{'plus ' if raw.startswith('+') else ''}{', '.join(groups)}"


def _no_money(raw: str, expected: str) -> ValueFault:
    return ValueFault(
        code="no_money",
        detail=(
            f"expected {expected}, got {excerpt(raw)}; the currencies are {', '.join(CURRENCIES)}"
        ),
    )


def _grouped(whole: str) -> str:
    return f"{int(whole.replace(',', '')):,}"


def _groups(raw: str, digits: str) -> list[str]:
    """Return the caller's own groups where all are short, else groups as they are usually said."""
    own = re.findall("[0-9]+", raw)
    if len(own) > 1 and all(len(group) <= _LONGEST_GROUP for group in own):
        return own
    # From the end: four, then threes, as American numbers and most others are read.
    head, tail = digits[:-_LONGEST_GROUP], digits[-_LONGEST_GROUP:]
    first = len(head) % 3
    threes = [head[at : at + 3] for at in range(first, len(head), 3)]
    return [group for group in (head[:first], *threes, tail) if group]
