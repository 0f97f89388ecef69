"""Values that a template is tried with before there are recipients: usual and awkward ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voxgate.campaigns.templates.slots import Slot, SlotKind, SlotValue, ValueFault
from voxgate.campaigns.templates.values import read_value
from voxgate.campaigns.templates.words import LONGEST_NAME, LONGEST_TEXT
from voxgate.errors import TextError

__all__ = ["longest_values", "trial_values"]

_USUAL: Mapping[SlotKind, tuple[str, ...]] = {
    # "Will", "May", "An" and "A" open sentences: a point before them may end one.
    SlotKind.NAME: ("Anna", "Will", "Alexander Smith", "J. R.", "Al", "May", "An", "Dr. St. John"),
    SlotKind.TEXT: ("the blue room", "Will", "12", "No", "St", "The A 5", "pm", "2.5 km"),
    SlotKind.DATE: ("2026-12-03", "2027-05-01", "2026-01-31", "2000-02-29"),
    SlotKind.TIME: ("14:30", "09:05", "12:00", "00:00"),
    SlotKind.NUMBER: ("5", "1500", "-2.5", "1", "0", "1000000.25"),
    SlotKind.MONEY: ("12.50 USD", "1 EUR", "1,500.00 GBP", "0.01 USD", "-7 CHF", "1500 JPY"),
    SlotKind.PHONE: ("+1 555-010-7788", "911", "02079460958"),
}
_LONGEST: Mapping[SlotKind, str] = {
    SlotKind.NAME: ("Christopherson " * 8)[:LONGEST_NAME],
    SlotKind.TEXT: ("a long description " * 8)[:LONGEST_TEXT],
    SlotKind.DATE: "1977-09-27",
    SlotKind.TIME: "23:37",
    SlotKind.NUMBER: "-777777777777.777777",
    SlotKind.MONEY: "-777777777777.77 NZD",
    SlotKind.PHONE: "+777 777 777 777 777",
}


def trial_values(slots: Mapping[str, Slot], language: str) -> Iterator[dict[str, SlotValue]]:
    """Yield values for all slots at a time, so that each slot takes each value of its kind."""
    rounds = max((len(_USUAL[slot.kind]) for slot in slots.values()), default=1)
    for turn in range(rounds):
        yield {
            name: _value(slot, _USUAL[slot.kind][turn % len(_USUAL[slot.kind])], language)
            for name, slot in slots.items()
        }


def longest_values(slots: Mapping[str, Slot], language: str) -> dict[str, SlotValue]:
    """Return values that are about as long as they can be when they are said."""
    return {name: _value(slot, _LONGEST[slot.kind], language) for name, slot in slots.items()}


def _value(slot: Slot, raw: str, language: str) -> SlotValue:
    value = read_value(slot, raw, language=language)
    if isinstance(value, ValueFault):
        raise TextError(f"sample {raw!r} is no {slot.kind}: {value.detail}")
    return value
