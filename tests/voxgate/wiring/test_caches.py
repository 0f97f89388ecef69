from __future__ import annotations

from pydantic import SecretStr

from voxgate.adapters.cdn.cloudflare import Cloudflare
from voxgate.settings import Settings
from voxgate.wiring.caches import open_cache_purge


def test_a_zone_is_purged_where_one_is_set() -> None:
    assert open_cache_purge(Settings()).purge(["a"]).purged is False
    zoned = open_cache_purge(Settings(cdn_zone="abc", cdn_token=SecretStr("t")))
    assert isinstance(zoned, Cloudflare)
