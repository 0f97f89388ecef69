from __future__ import annotations

from voxgate.adapters.cdn.none import NoCaches


def test_it_says_that_nothing_was_purged() -> None:
    result = NoCaches().purge(["model-a@7", "b", "b"])
    assert (result.purged, result.tags, result.calls) == (False, ("model-a@7", "b"), 0)
    assert str(result) == "no cache is set (VOXGATE_CDN_ZONE): nothing was purged of 2 tags"
