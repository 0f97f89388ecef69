"""What the ledger and the checkout said when a bundle was written, beside what was measured.

A verdict is a pure function of its bundle, and some of what it rests on is no measurement: under
which limits the last version was approved, whether the calibration record is what its takes come
to, and whether a person signed a trade. Whoever writes the bundle asks, and writes the answers in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from voxgate.errors import BundleError
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.trade import SignedTrade, trade_from_json

__all__ = ["Standing", "describe_standing", "distrust_standing", "standing_from_json"]

STANDING_SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Answers of the day.

    Attributes:
        approved: the version that was approved last; None where there is none.
        loosened: limits that are looser than those it was judged under, in words.
        changed: who changed params.yaml last, and when, where a limit is looser.
        calibration: why the calibration record is not what its takes come to.
        trade: the rule of params.yaml and its signature.
    """

    approved: int | None = None
    loosened: tuple[str, ...] = ()
    changed: str | None = None
    calibration: str | None = None
    trade: SignedTrade | None = None

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "schema": STANDING_SCHEMA,
            "approved": self.approved,
            "loosened": list(self.loosened),
            "changed": self.changed,
            "calibration": self.calibration,
            "trade": None if self.trade is None else self.trade.as_json(),
        }


def standing_from_json(document: Any, *, where: str) -> Standing:
    """Parse the document of a bundle.

    Raises:
        BundleError: a field is missing, unknown or of another kind, or the schema is newer.
    """
    if not isinstance(document, Mapping) or document.get("schema") != STANDING_SCHEMA:
        raise BundleError(f"{where}: expected a standing of schema {STANDING_SCHEMA}")
    values = {name: value for name, value in document.items() if name != "schema"}
    if values.keys() != {field.name for field in fields(Standing)}:
        raise BundleError(f"{where}: fields are missing or unknown")
    loosened = values["loosened"]
    if not isinstance(loosened, list) or not all(isinstance(each, str) for each in loosened):
        raise BundleError(f"{where}: loosened: expected a list of texts")
    trade = values["trade"]
    return Standing(
        **{
            **values,
            "loosened": tuple(loosened),
            "trade": None if trade is None else trade_from_json(trade, where=where),
        }
    )


def distrust_standing(standing: Standing | None) -> Iterator[Criterion]:
    """Yield what forbids any comparison by the calibration record."""
    if standing is not None and standing.calibration is not None:
        yield hold("calibration_not_of_its_takes", "calibration", standing.calibration)


def describe_standing(standing: Standing | None) -> list[str]:
    """Return the lines of the report about limits and trade."""
    if standing is None:
        return []
    lines = []
    if standing.loosened:
        under = f"version {standing.approved} was approved"
        lines.append(
            f"- **limits are looser** than when {under}, so a person has to approve: "
            f"{'; '.join(standing.loosened)} ({standing.changed or 'by whom is not known'})"
        )
    if standing.trade is not None:
        signed = standing.trade.signed_by
        by = f"signed by {signed}: {standing.trade.reason}" if signed else "**not signed**"
        lines.append(f"- trade: {standing.trade.trade}; {by}")
    return lines
