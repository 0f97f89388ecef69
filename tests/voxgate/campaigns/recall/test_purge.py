from __future__ import annotations

from voxgate.campaigns.recall.purge import PurgeResult


def test_a_result_says_whether_somebody_was_told() -> None:
    told = PurgeResult(cache="cloudflare", tags=("a", "b"), calls=1)
    assert (told.purged, str(told)) == (True, "cloudflare: 2 tags purged in 1 calls")
