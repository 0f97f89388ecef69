"""Open what tells caches to forget stored speech."""

from __future__ import annotations

from voxgate.adapters.cdn.cloudflare import open_cloudflare
from voxgate.adapters.cdn.none import NoCaches
from voxgate.campaigns.recall.purge import CachePurge
from voxgate.settings import Settings

__all__ = ["open_cache_purge"]


def open_cache_purge(settings: Settings) -> CachePurge:
    """Return the network of caches of the settings, or one that says that there is none.

    Raises:
        ConfigError: the settings of the network cannot be used.
    """
    return open_cloudflare(settings) or NoCaches()
