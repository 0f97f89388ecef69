from __future__ import annotations

import pytest

from tests.fakes.campaigns import make_pinned
from voxgate.campaigns.records import Campaign, CampaignState
from voxgate.campaigns.tags import cache_tag, file_tags
from voxgate.serving.jobs.assets import PRIVATE_CACHING, require_caching

VALUES = [
    "voice-en@7",
    "Anna",
    "anna",
    "Müller & Söhne",
    "m_ller _ s_hne",
    "a,b\r\nc",
    "x" * 500,
    "",
]


@pytest.mark.parametrize("value", VALUES)
def test_a_tag_can_be_stored_with_a_file(value: str) -> None:
    assert require_caching([cache_tag("model", value)], PRIVATE_CACHING)


def test_two_values_have_two_tags_and_a_plain_one_is_legible() -> None:
    assert cache_tag("model", "voice-en@7") == "model-voice-en@7"
    assert len({cache_tag("profile", value) for value in VALUES}) == len(VALUES)
    assert cache_tag("a", "x" * 500) != cache_tag("a", "x" * 501)


def test_a_file_is_tagged_by_all_that_it_may_be_called_back_by() -> None:
    campaign = Campaign(
        id="spring",
        spec={},
        spec_digest="0" * 64,
        state=CampaignState.RUNNING,
        created_at_s=0.0,
        owner="anna",
        pinned=make_pinned(),
    )
    assert file_tags(campaign) == ("campaign-spring", "model-voice-en@3", "profile-anna@1")
