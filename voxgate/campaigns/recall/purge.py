"""Tell a network of caches to forget files, by the tags that the files carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["CachePurge", "PurgeResult"]


@dataclass(frozen=True, kw_only=True)
class PurgeResult:
    """Which tags a network was told of, in how many calls.

    `cache` names it; None: there is none, and nothing was purged.
    """

    cache: str | None
    tags: tuple[str, ...]
    calls: int

    @property
    def purged(self) -> bool:
        """Whether somebody was told."""
        return self.cache is not None

    def __str__(self) -> str:
        """Say it in a line of a report."""
        if self.cache is None:
            return (
                f"no cache is set (VOXGATE_CDN_ZONE): nothing was purged of {len(self.tags)} tags"
            )
        return f"{self.cache}: {len(self.tags)} tags purged in {self.calls} calls"


class CachePurge(Protocol):
    """Caches between this service and who listens."""

    def purge(self, tags: Sequence[str]) -> PurgeResult:
        """Make every cache forget the files that carry one of the tags; can be repeated.

        Raises:
            ExternalServiceError: they did not take it; some tags may be purged. Try again.
            DeliveryError: they refused it for good; says which set-up to check.
        """
        ...
