"""A signed trade: words that a voice may lose against a rival, for likeness that it gains.

Adaptation can cost words and gain likeness. Which of the two matters is a choice, and no statistic
makes it: a person signs a rule, with bounds, and the gate applies it and says so. Without a
signature the rule changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from voxgate.errors import BundleError
from voxgate.files import digest_json
from voxgate.gate.comparison import Differences
from voxgate.gate.criterion import Criterion, Ruling
from voxgate.gate.limits import Limit
from voxgate.gate.numbers import is_number

__all__ = ["TRADE_LIMITS", "SignedTrade", "Trade", "apply_trade", "trade_from_json"]

TRADE_LIMITS = {
    "max_wer_loss": Limit(at_most=0.05),
    "min_similarity_gain": Limit(at_least=0.02),
}
"""Beyond these no signature counts: a voice that loses more words is another decision."""

_SUBJECTS = ("champion", "gold")


@dataclass(frozen=True, kw_only=True)
class Trade:
    """At most so much WER lost against `subject`, for at least so much similarity gained."""

    subject: str
    max_wer_loss: float
    min_similarity_gain: float

    @property
    def digest(self) -> str:
        """Name the rule; a signature is for one rule."""
        return digest_json(asdict(self))

    @property
    def faults(self) -> tuple[str, ...]:
        """Say what is wrong with the rule; nothing when it may be signed."""
        found = [] if self.subject in _SUBJECTS else [f"subject: one of {', '.join(_SUBJECTS)}"]
        found += [
            f"{name}: {limit}"
            for name, limit in TRADE_LIMITS.items()
            if not limit.admits(getattr(self, name)) or getattr(self, name) <= 0
        ]
        return tuple(found)

    def __str__(self) -> str:
        """Say the rule."""
        return (
            f"against {self.subject} at most {100 * self.max_wer_loss:g} points of WER for at "
            f"least {self.min_similarity_gain:g} of similarity"
        )


@dataclass(frozen=True, kw_only=True)
class SignedTrade:
    """A rule and who signed it, as the ledger had it; `signed_by` is None where nobody has."""

    trade: Trade
    signed_by: str | None = None
    reason: str = ""

    @property
    def is_valid(self) -> bool:
        """Tell whether the gate may apply it."""
        return self.signed_by is not None and not self.trade.faults

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"rule": asdict(self.trade), "signed_by": self.signed_by, "reason": self.reason}


def trade_from_json(document: Any, *, where: str) -> SignedTrade:
    """Parse a trade of a bundle.

    Raises:
        BundleError: a field is missing or unknown, or a bound is no number.
    """
    names = {"rule", "signed_by", "reason"}
    if not isinstance(document, dict) or document.keys() != names:
        raise BundleError(f"{where}: trade: expected an object with {', '.join(sorted(names))}")
    rule = document["rule"]
    if not isinstance(rule, dict) or rule.keys() != {field.name for field in fields(Trade)}:
        raise BundleError(f"{where}: trade: its rule has missing or unknown fields")
    if not all(is_number(rule[name]) for name in TRADE_LIMITS):
        raise BundleError(f"{where}: trade: its bounds are no numbers")
    signed_by = document["signed_by"]
    if not (signed_by is None or isinstance(signed_by, str)):
        raise BundleError(f"{where}: trade: signed_by: expected a name, got {signed_by!r}")
    return SignedTrade(trade=Trade(**rule), signed_by=signed_by, reason=str(document["reason"]))


def apply_trade(
    criteria: Sequence[Criterion],
    differences: Differences,
    subject: str,
    *,
    signed: SignedTrade | None,
) -> list[Criterion]:
    """Return the criteria with the one on words passed where a signed trade allows it.

    Both bounds must be on the right side: the loss of words surely below, the gain surely above.
    Every other criterion stands, also the one that counts catastrophes.
    """
    code = f"wer_versus_{subject}"
    if signed is None or signed.trade.subject != subject:
        return list(criteria)
    return [
        _traded(criterion, differences, signed)
        if criterion.code == code and criterion.ruling is not Ruling.PASS
        else criterion
        for criterion in criteria
    ]


def _traded(criterion: Criterion, differences: Differences, signed: SignedTrade) -> Criterion:
    trade = signed.trade
    met = (
        differences.wer.high < trade.max_wer_loss
        and differences.similarity.low > trade.min_similarity_gain
    )
    if not met:
        return replace(criterion, message=f"{criterion.message}; the trade is not met either")
    if not signed.is_valid:
        doubt = "; ".join(trade.faults) or "nobody has signed it"
        return replace(
            criterion,
            message=f"{criterion.message}; a trade ({trade}) would pass it, but {doubt}",
        )
    return replace(
        criterion,
        ruling=Ruling.PASS,
        message=f"{criterion.message}; passed by a trade that {signed.signed_by} signed: {trade}",
    )
