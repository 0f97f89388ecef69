"""What a slot of a template takes, and what a recipient's value for it has become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Slot", "SlotKind", "SlotValue", "ValueFault", "declarations", "parse_slot"]


class SlotKind(StrEnum):
    """What the values of a slot are; each kind has its own writing and its own bounds."""

    NAME = "name"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"
    PHONE = "phone"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The declaration of a slot. `weekday` and `year` tell how a date is said.

    >>> Slot(kind=SlotKind.DATE, weekday=True).declaration
    'date with weekday'
    """

    kind: SlotKind
    weekday: bool = False
    year: bool = True

    @property
    def declaration(self) -> str:
        """The slot as `parse_slot` reads it."""
        return next(text for text, slot in _DECLARATIONS.items() if slot == self)


@dataclass(frozen=True, kw_only=True)
class SlotValue:
    """A value that was read: `spoken` is what is written into the sentence, NFC, on one line."""

    kind: SlotKind
    spoken: str

    def as_json(self) -> dict[str, str]:
        """Return it as JSON values."""
        return {"kind": self.kind.value, "spoken": self.spoken}

    @staticmethod
    def from_json(document: Mapping[str, str]) -> SlotValue:
        """Read what `as_json` gave.

        Raises:
            KeyError, ValueError: it is no value.
        """
        return SlotValue(kind=SlotKind(document["kind"]), spoken=document["spoken"])


@dataclass(frozen=True, kw_only=True)
class ValueFault:
    """A value that cannot be said. `code` is stable; `detail` says what was expected and to do."""

    code: str
    detail: str


_DECLARATIONS: dict[str, Slot] = {
    **{kind.value: Slot(kind=kind) for kind in SlotKind},
    "date with weekday": Slot(kind=SlotKind.DATE, weekday=True),
    "date without year": Slot(kind=SlotKind.DATE, year=False),
    "date with weekday without year": Slot(kind=SlotKind.DATE, weekday=True, year=False),
}


def parse_slot(text: str) -> Slot | None:
    """Read a declaration such as `name` or `date with weekday`; None where there is no such one."""
    return _DECLARATIONS.get(" ".join(text.split()))


def declarations() -> tuple[str, ...]:
    """Return every declaration that `parse_slot` reads."""
    return tuple(_DECLARATIONS)
