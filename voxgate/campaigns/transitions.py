"""How a campaign may change: pure functions of a campaign, the time and who asks.

Each gives the changed campaign and the event that says so; the store writes both or neither. Asked
again for what is done already, a function gives the campaign as it is, and no event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from voxgate.campaigns.events import Draft, Kind
from voxgate.campaigns.records import ENDED, UNDER_WAY, Campaign, CampaignState, Pinned
from voxgate.errors import CampaignStateError

__all__ = [
    "Changed",
    "approve",
    "cancel",
    "end_part",
    "expire",
    "pause",
    "plan",
    "recall",
    "reopen",
    "resume",
    "start",
    "stop",
]

Changed = tuple[Campaign, Draft | None]

_S = CampaignState


def plan(
    campaign: Campaign, now_s: float, *, pinned: Pinned, facts: Mapping[str, Any], actor: str
) -> Changed:
    """Close the list of recipients and pin what speaks; may be done again until it is started."""
    _require(campaign, {_S.DRAFT, _S.PLANNED}, "plan", "make a new campaign")
    if campaign.state is _S.PLANNED and campaign.pinned == pinned:
        return campaign, None
    changed = replace(campaign, state=_S.PLANNED, pinned=pinned, planned_at_s=now_s, why="")
    return changed, _draft(campaign, Kind.PLANNED, actor, "", {**vars(pinned), **facts})


def start(campaign: Campaign, now_s: float, *, actor: str) -> Changed:
    """Let the proof sample be spoken."""
    if campaign.state in {_S.PROOFING, _S.PROOFED, _S.RUNNING}:
        return campaign, None
    _require(campaign, {_S.PLANNED}, "start", "`voxgate campaign plan` comes before it")
    changed = replace(campaign, state=_S.PROOFING, started_at_s=now_s, why="")
    return changed, _draft(campaign, Kind.STARTED, actor)


def approve(campaign: Campaign, _now_s: float, *, actor: str, reason: str) -> Changed:
    """Let the rest be spoken: somebody heard the proof sample."""
    if campaign.state is _S.RUNNING:
        return campaign, None
    _require(campaign, {_S.PROOFED}, "approve", "the proof sample is not spoken yet")
    changed = replace(campaign, state=_S.RUNNING, why="")
    return changed, _draft(campaign, Kind.APPROVED, actor, reason)


def pause(campaign: Campaign, _now_s: float, *, actor: str, reason: str) -> Changed:
    """Hand out no further work; what is under way comes to its end."""
    if campaign.state is _S.PAUSED:
        return campaign, None
    _require(campaign, {_S.RUNNING}, "pause", "only a running campaign can be")
    changed = replace(campaign, state=_S.PAUSED, why=reason)
    return changed, _draft(campaign, Kind.PAUSED, actor, reason)


def resume(campaign: Campaign, _now_s: float, *, actor: str, reason: str, proofed: bool) -> Changed:
    """Go on; `proofed` says whether its proof sample was approved before it stopped."""
    if campaign.state in UNDER_WAY:
        return campaign, None
    _require(campaign, {_S.PAUSED, _S.STOPPED}, "resume", "only a paused or stopped one can be")
    state = _S.RUNNING if proofed else _S.PROOFING
    return replace(campaign, state=state, why=""), _draft(campaign, Kind.RESUMED, actor, reason)


def stop(
    campaign: Campaign, _now_s: float, *, reason: str, facts: Mapping[str, Any], actor: str
) -> Changed:
    """Stop by an alarm; one that is not under way stays as it is."""
    if campaign.state not in {*UNDER_WAY, _S.PROOFED, _S.PAUSED}:
        return campaign, None
    changed = replace(campaign, state=_S.STOPPED, why=reason)
    return changed, _draft(campaign, Kind.STOPPED, actor, reason, facts)


def cancel(campaign: Campaign, now_s: float, *, actor: str, reason: str) -> Changed:
    """End it; what is stored stays, the rest is not spoken."""
    if campaign.state is _S.CANCELLED:
        return campaign, None
    if campaign.state in ENDED:
        raise _refusal(campaign, "cancel", "it has ended; `voxgate campaign recall` takes it back")
    changed = replace(campaign, state=_S.CANCELLED, completed_at_s=now_s, why=reason)
    return changed, _draft(campaign, Kind.CANCELLED, actor, reason)


def expire(campaign: Campaign, now_s: float, *, actor: str, reason: str) -> Changed:
    """End it because its time is over; what is not ready is not spoken."""
    if campaign.state in ENDED:
        return campaign, None
    changed = replace(campaign, state=_S.EXPIRED, completed_at_s=now_s, why=reason)
    return changed, _draft(campaign, Kind.EXPIRED, actor, reason)


def end_part(campaign: Campaign, now_s: float, *, actor: str) -> Changed:
    """Note that nothing is open any more: of the proof sample, or of all of it."""
    if campaign.state is _S.PROOFING:
        return replace(campaign, state=_S.PROOFED), _draft(campaign, Kind.PROOFED, actor)
    if campaign.state is _S.RUNNING:
        changed = replace(campaign, state=_S.FINISHED, completed_at_s=now_s)
        return changed, _draft(campaign, Kind.FINISHED, actor)
    return campaign, None


def reopen(campaign: Campaign, _now_s: float) -> Changed:
    """Let a campaign go on whose end, or whose proof sample's end, was no end; others stay as is.

    The event is the review's that opened it.
    """
    if campaign.state is _S.FINISHED:
        return replace(campaign, state=_S.RUNNING, completed_at_s=None), None
    if campaign.state is _S.PROOFED:
        return replace(campaign, state=_S.PROOFING), None
    return campaign, None


def recall(
    campaign: Campaign, now_s: float, *, reason: str, facts: Mapping[str, Any], actor: str
) -> Changed:
    """Take back what was delivered of it; nothing of it is spoken any more."""
    if campaign.state is _S.RECALLED:
        return campaign, None
    changed = replace(
        campaign,
        state=_S.RECALLED,
        completed_at_s=campaign.completed_at_s or now_s,
        why=reason,
    )
    return changed, _draft(campaign, Kind.RECALLED, actor, reason, facts)


def _require(campaign: Campaign, states: set[CampaignState], action: str, way_out: str) -> None:
    if campaign.state not in states:
        raise _refusal(campaign, action, way_out)


def _refusal(campaign: Campaign, action: str, way_out: str) -> CampaignStateError:
    why = f" ({campaign.why})" if campaign.why else ""
    return CampaignStateError(
        f"campaign {campaign.id}: cannot {action} it while it is {campaign.state}{why}: {way_out}"
    )


def _draft(
    campaign: Campaign,
    kind: Kind,
    actor: str,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Draft:
    return Draft(kind=kind, campaign=campaign.id, actor=actor, reason=reason, facts=facts or {})
