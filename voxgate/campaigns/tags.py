"""What caches before the service are told of a campaign's files, so that one call purges all."""

from __future__ import annotations

import re

from voxgate.campaigns.records import Campaign
from voxgate.files import digest_bytes

__all__ = ["cache_tag", "campaign_tag", "file_tags"]

_UNUSUAL = re.compile(r"[^a-z0-9._:@-]")
_LONGEST_VALUE = 80
_DIGEST = 16


def file_tags(campaign: Campaign) -> tuple[str, ...]:
    """Return the tags of every file of a planned campaign."""
    pinned = campaign.pinned
    assert pinned is not None, "only a planned campaign has files"
    tags = [campaign_tag(campaign.id), cache_tag("model", f"{pinned.model}@{pinned.version}")]
    return (*tags, *([] if pinned.profile is None else [cache_tag("profile", pinned.profile)]))


def cache_tag(kind: str, value: str) -> str:
    """Return the tag of all files of a kind: `cache_tag("model", "voice-en@7")`.

    Caches take `A` for `a`. A value that had to be changed or cut keeps its digest, so that two
    values do not share a tag.
    """
    found = _UNUSUAL.sub("_", value.lower())[:_LONGEST_VALUE]
    if found != value:
        found = f"{found}-{digest_bytes(value.encode())[:_DIGEST]}"
    return f"{kind}-{found}"


def campaign_tag(campaign_id: str) -> str:
    """Return the tag that every file of a campaign carries."""
    return cache_tag("campaign", campaign_id)
