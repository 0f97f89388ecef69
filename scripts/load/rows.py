"""Lines of the load report: what was measured, and whether that is what was wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scripts.load.generator import Point

__all__ = ["Bound", "Row", "Ruling", "at_least", "at_most", "exactly", "first_audio", "none_of"]


class Ruling(StrEnum):
    """What a row says of its target."""

    MET = "met"
    MISSED = "**missed**"
    UNMEASURED = "**not measured**"
    OPEN = ""


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a number is to be."""

    sign: str
    number: float

    def holds(self, value: float) -> bool:
        """Tell whether a number is what it is to be."""
        if self.sign == "≤":
            return value <= self.number
        return value >= self.number if self.sign == "≥" else value == self.number


def at_most(number: float) -> Bound:
    """Ask for no more than `number`."""
    return Bound(sign="≤", number=number)


def at_least(number: float) -> Bound:
    """Ask for no less than `number`."""
    return Bound(sign="≥", number=number)


def exactly(number: float) -> Bound:
    """Ask for `number` itself."""
    return Bound(sign="=", number=number)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One number of one scenario; `value` None was not measured, and `note` says why.

    `count` is how many requests it rests on. Without a `target` it is told and not judged.
    """

    scenario: str
    what: str
    value: float | None
    unit: str = ""
    target: Bound | None = None
    count: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.note:
            raise ValueError(f"{self.scenario}, {self.what}: not measured, and it does not say why")

    @property
    def ruling(self) -> Ruling:
        """Say whether the target was met."""
        if self.value is None:
            return Ruling.UNMEASURED
        if self.target is None:
            return Ruling.OPEN
        return Ruling.MET if self.target.holds(self.value) else Ruling.MISSED


def none_of(scenario: str, what: str, value: int, *, of: int, note: str = "") -> Row:
    """Return a row of something that is not to happen; of nothing it was not measured."""
    return Row(
        scenario=scenario,
        what=what,
        value=value if of else None,
        target=exactly(0),
        count=of,
        note=note if of else "nothing was there to be counted",
    )


def first_audio(
    scenario: str, what: str, point: Point, wanted: Iterable[tuple[float, Bound | None]]
) -> list[Row]:
    """Return percentiles of the time to the first audio, each with what it is to be."""
    rows = []
    for share, target in wanted:
        value = None if point.fault else point.first_ms(share)
        rows.append(
            Row(
                scenario=scenario,
                what=f"{what}: first audio, p{share:g}",
                value=value,
                unit="ms",
                target=target,
                count=len(point.good),
                note=point.fault or ("" if value is not None else "no request got audio"),
            )
        )
    return rows
