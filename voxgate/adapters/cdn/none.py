"""There are no caches: files are fetched from where they lie."""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.campaigns.recall.purge import PurgeResult

__all__ = ["NoCaches"]


class NoCaches:
    """Implements `CachePurge`: says that nothing was purged."""

    def purge(self, tags: Sequence[str]) -> PurgeResult:
        """Return that nobody was told; see `CachePurge.purge`."""
        return PurgeResult(cache=None, tags=tuple(dict.fromkeys(tags)), calls=0)
