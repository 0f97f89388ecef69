"""Read what a recipient list says for a slot: a value that can be said, or why it cannot.

Nothing of a value is ever evaluated, and none can open a slot or end a sentence.
"""

from __future__ import annotations

from functools import lru_cache

from voxgate.campaigns.templates.figures import (
    write_date,
    write_money,
    write_number,
    write_phone,
    write_time,
)
from voxgate.campaigns.templates.slots import Slot, SlotKind, SlotValue, ValueFault
from voxgate.campaigns.templates.words import write_name, write_text
from voxgate.text.languages import require_language

__all__ = ["LONGEST_VALUE", "SlotValue", "read_value"]

LONGEST_VALUE = 400
"""Characters that are looked at; a longer value is refused unread."""

_KEPT = 16_384
"""Names and days come again and again; the values themselves are short."""


def read_value(slot: Slot, raw: str, *, language: str = "en") -> SlotValue | ValueFault:
    """Read `raw` as the slot's kind asks; blanks around it do not count.

    Raises:
        TextError: the language has no front end.
    """
    require_language(language)
    text = raw.strip() if len(raw) <= LONGEST_VALUE else raw
    if not text:
        return ValueFault(code="missing", detail=f"expected a {slot.kind}, got nothing; fill it in")
    if len(text) > LONGEST_VALUE:
        return ValueFault(
            code="too_long",
            detail=f"{len(text)} characters, at most {LONGEST_VALUE} are read; shorten it",
        )
    return _read(slot, text, language)


@lru_cache(maxsize=_KEPT)
def _read(slot: Slot, raw: str, language: str) -> SlotValue | ValueFault:
    match slot.kind:
        case SlotKind.NAME:
            written = write_name(raw, language)
        case SlotKind.TEXT:
            written = write_text(raw, language)
        case SlotKind.DATE:
            written = write_date(raw, slot)
        case SlotKind.TIME:
            written = write_time(raw)
        case SlotKind.NUMBER:
            written = write_number(raw)
        case SlotKind.MONEY:
            written = write_money(raw)
        case SlotKind.PHONE:
            written = write_phone(raw)
    if isinstance(written, ValueFault):
        return written
    return SlotValue(kind=slot.kind, spoken=written)
