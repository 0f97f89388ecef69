"""`trade show|sign|revoke`: the choice between words and likeness, as a signature in the ledger."""

from __future__ import annotations

from typing import Any

from tasks.release.standing import stated_trade
from voxgate.params import Params
from voxgate.release.desk import Desk
from voxgate.release.statements import revoke_trade, sign_trade

__all__ = ["revoke", "show", "sign"]


def show(desk: Desk, params: Params) -> dict[str, Any]:
    """Return the rule of params.yaml and the signature of the ledger; JSON values."""
    trade, signature = stated_trade(params), desk.ledger.read(desk.model).trade
    stands = trade is not None and signature is not None and signature.digest == trade.digest
    return {
        "rule": None if trade is None else str(trade),
        "faults": [] if trade is None else list(trade.faults),
        "signed_by": None if signature is None else signature.by,
        "reason": None if signature is None else signature.reason,
        "in_force": stands,
    }


def sign(desk: Desk, params: Params, *, by: str, reason: str) -> int | None:
    """Sign the rule of params.yaml; returns the event's number, None when it stood already.

    Raises:
        ReleaseError: there is no rule, it cannot be signed, or this person may not.
    """
    trade = stated_trade(params)
    event = desk.append(
        lambda book, _now: sign_trade(book, trade, desk.policy, by=by, reason=reason)
    )
    return None if event is None else event.sequence


def revoke(desk: Desk, *, by: str, reason: str) -> int | None:
    """Take the signature back; returns the event's number, None when there is none.

    Raises:
        ReleaseError: no person, or no reason.
    """
    event = desk.append(lambda book, _now: revoke_trade(book, by=by, reason=reason))
    return None if event is None else event.sequence
