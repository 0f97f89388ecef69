"""A signature under `gate.trade`: what a person signed, as the ledger has it."""

from __future__ import annotations

from dataclasses import dataclass

from voxgate.release.events import Event

__all__ = ["Signature"]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signed which rule, and why. `digest` names the rule: a changed one is not signed."""

    digest: str
    by: str
    reason: str

    @staticmethod
    def from_event(event: Event) -> Signature:
        """Parse an event."""
        return Signature(digest=event.facts["digest"], by=event.actor, reason=event.reason)
