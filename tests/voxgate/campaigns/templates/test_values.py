"""What all kinds of values have in common."""

from __future__ import annotations

import pytest

from voxgate.campaigns.templates.slots import Slot, SlotKind, SlotValue, ValueFault
from voxgate.campaigns.templates.values import read_value
from voxgate.errors import TextError


@pytest.mark.parametrize("kind", list(SlotKind))
def test_nothing_is_a_fault_that_asks_for_the_kind(kind: SlotKind) -> None:
    fault = read_value(Slot(kind=kind), " \t ")
    assert isinstance(fault, ValueFault)
    assert fault.code == "missing"
    assert f"expected a {kind}" in fault.detail


@pytest.mark.parametrize("kind", list(SlotKind))
def test_a_very_long_value_is_refused_unread(kind: SlotKind) -> None:
    fault = read_value(Slot(kind=kind), "1" * 100_000)
    assert isinstance(fault, ValueFault)
    assert fault.code == "too_long"
    assert len(fault.detail) < 200


@pytest.mark.parametrize("kind", list(SlotKind))
def test_a_value_opens_no_slot(kind: SlotKind) -> None:
    assert isinstance(read_value(Slot(kind=kind), "{first_name}"), ValueFault)


def test_equal_values_of_other_kinds_are_other_values() -> None:
    number, text = (read_value(Slot(kind=k), "1500") for k in (SlotKind.NUMBER, SlotKind.TEXT))
    assert isinstance(number, SlotValue)
    assert isinstance(text, SlotValue)
    assert (number.spoken, text.spoken) == ("1,500", "1500")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(TextError, match="'xx' has no text front end"):
        read_value(Slot(kind=SlotKind.NAME), "Anna", language="xx")
