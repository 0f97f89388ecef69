"""The port of leases between machines: one holder a name, for work longer than a transaction."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

__all__ = ["Lease", "Leases"]


class Lease(Protocol):
    """A name that is held."""

    def assert_held(self) -> None:
        """Stop unless the lease is held now; call it before each effect that it guards.

        Within a decision of `Ledger.append` the answer holds until the append.

        Raises:
            LeaseLostError: the holder was away for longer than the time to live.
            ExternalServiceError: nobody answers, so nobody knows.
        """
        ...


class Leases(Protocol):
    """Gives names to one holder at a time."""

    def hold(self, name: str, *, purpose: str) -> AbstractContextManager[Lease]:
        """Hold `name`, and renew it until the context ends.

        Raises:
            LockHeldError: somebody holds it; says who, since when and until when.
            ExternalServiceError: nobody answers.
        """
        ...
