from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.release.approve import approve
from tasks.release.promote import quarantine
from tests.fakes.campaigns import make_pinned
from tests.fakes.release_site import ReleaseSite
from voxgate.campaigns.records import Campaign, CampaignState
from voxgate.campaigns.spec import parse_spec
from voxgate.clock import utc_now
from voxgate.errors import (
    CampaignStateError,
    ConsentError,
    QuarantinedVersionError,
    UnknownProfileError,
    UnknownVersionError,
)
from voxgate.speaking.presets import shipped_presets
from voxgate.wiring.campaign_voices import choose_voice, require_allowed, require_may_speak
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speaking_desk import speaking_code

SPEC = {"campaign": "spring", "purpose": "internal", "templates": {"t": {"text": "Hello."}}}
PRESET = shipped_presets()[0]


@pytest.fixture
def site(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> ReleaseSite:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    return release_site


def campaign(site: ReleaseSite, version: int, **pinned: object) -> Campaign:
    model = site.desk.model
    return Campaign(
        id="spring",
        spec={**SPEC, "model": model, **{k: pinned.pop(k) for k in ("purpose",) if k in pinned}},
        spec_digest="0" * 64,
        state=CampaignState.RUNNING,
        created_at_s=0.0,
        owner="anna",
        pinned=replace(
            make_pinned(
                model=model, version=version, profile=None, preset=PRESET.label,
                code=speaking_code(),
            ),
            **pinned,
        ),
    )  # fmt: skip


def released(site: ReleaseSite) -> int:
    version = site.offer(1)
    approve(site.desk, version, by="anna", reason="sounds right")
    return version


def allowed(site: ReleaseSite, one: Campaign) -> None:
    require_allowed(Checkout.open(site.root), utc_now, one)


def test_what_was_released_for_this_purpose_may_be_spoken(site: ReleaseSite) -> None:
    allowed(site, campaign(site, released(site)))


def test_a_version_that_was_quarantined_is_spoken_no_more(site: ReleaseSite) -> None:
    version = released(site)
    quarantine(site.desk, version, by="anna", reason="it hisses")
    with pytest.raises(QuarantinedVersionError):
        allowed(site, campaign(site, version))


def test_a_wider_purpose_than_was_agreed_to_is_refused_with_the_ways_out(
    site: ReleaseSite,
) -> None:
    with pytest.raises(ConsentError, match="corpus add --consent"):
        allowed(site, campaign(site, released(site), purpose="publication"))


def test_a_profile_that_is_not_there_is_said(site: ReleaseSite) -> None:
    with pytest.raises(UnknownProfileError):
        allowed(site, campaign(site, released(site), profile="anna@1"))


def test_other_code_than_was_planned_with_speaks_nothing(site: ReleaseSite) -> None:
    with pytest.raises(CampaignStateError, match="speaking code"):
        allowed(site, campaign(site, released(site), code="0" * 64))


def test_nothing_is_spoken_before_it_is_planned(site: ReleaseSite) -> None:
    draft = replace(campaign(site, 1), pinned=None)
    with pytest.raises(CampaignStateError, match="campaign plan"):
        require_may_speak(Checkout.open(site.root), draft)


def test_without_a_live_version_there_is_no_voice(site: ReleaseSite, tmp_path: Path) -> None:
    spec = parse_spec({**SPEC, "model": site.desk.model}, str(tmp_path))
    with pytest.raises(UnknownVersionError, match="voxgate approve"):
        choose_voice(Checkout.open(site.root), spec)
