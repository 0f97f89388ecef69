"""Start, approve, pause, resume, cancel: what a person decides about a campaign."""

from __future__ import annotations

from functools import partial

from tasks.campaigns.desk import CampaignDesk
from voxgate.campaigns import transitions
from voxgate.campaigns.records import Campaign
from voxgate.campaigns.transitions import Changed
from voxgate.wiring.campaign_voices import require_may_speak

__all__ = ["accept_sentence", "approve", "cancel", "pause", "resume", "start"]


def start(desk: CampaignDesk, campaign_id: str) -> Campaign:
    """Let the proof sample be spoken; the rest waits for `approve`.

    Raises:
        UnknownCampaignError, CampaignStateError: there is none, or it is not planned.
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken any more.
    """
    require_may_speak(desk.checkout, desk.store.campaign(campaign_id))
    return desk.store.change(campaign_id, partial(transitions.start, actor=desk.by))


def approve(desk: CampaignDesk, campaign_id: str, *, reason: str) -> Campaign:
    """Let the rest be spoken, because somebody heard the proof sample.

    Raises:
        UnknownCampaignError, CampaignStateError: there is none, or no proof sample waits.
    """
    change = partial(transitions.approve, actor=desk.by, reason=reason)
    return desk.store.change(campaign_id, change)


def pause(desk: CampaignDesk, campaign_id: str, *, reason: str) -> Campaign:
    """Hand out no further work of a campaign.

    Raises:
        UnknownCampaignError, CampaignStateError: there is none, or it does not run.
    """
    return desk.store.change(campaign_id, partial(transitions.pause, actor=desk.by, reason=reason))


def resume(desk: CampaignDesk, campaign_id: str, *, reason: str) -> Campaign:
    """Go on with a paused campaign, or with one that an alarm stopped.

    Raises:
        UnknownCampaignError, CampaignStateError: there is none, or it is neither.
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken any more.
    """
    require_may_speak(desk.checkout, desk.store.campaign(campaign_id))
    approved = desk.store.was_approved(campaign_id)

    def go_on(campaign: Campaign, now_s: float) -> Changed:
        return transitions.resume(campaign, now_s, actor=desk.by, reason=reason, proofed=approved)

    return desk.store.change(campaign_id, go_on)


def cancel(desk: CampaignDesk, campaign_id: str, *, reason: str) -> Campaign:
    """End a campaign; what is stored stays.

    Raises:
        UnknownCampaignError, CampaignStateError: there is none, or it has ended.
    """
    return desk.store.change(campaign_id, partial(transitions.cancel, actor=desk.by, reason=reason))


def accept_sentence(desk: CampaignDesk, campaign_id: str, key: str, *, reason: str) -> None:
    """Let a sentence pass that needed review, because somebody heard it.

    Raises:
        UnknownCampaignError, CampaignStateError: there is no such sentence that needs review.
    """
    desk.store.accept_reviewed(campaign_id, key, actor=desk.by, reason=reason)
