"""What campaigns are, have come to and will take, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.campaigns.create import Added, Created
    from tasks.campaigns.output import VerifiedOutput, WrittenOutput
    from tasks.campaigns.plan import Planned
    from voxgate.campaigns.ports import CampaignStore
    from voxgate.campaigns.quality.calibration import QualityCalibration
    from voxgate.campaigns.records import Campaign

__all__ = [
    "describe_calibration",
    "describe_campaign",
    "describe_campaigns",
    "describe_created",
    "describe_output",
    "describe_plan",
    "describe_upload",
    "describe_verified",
]

_SHOWN = 20


def describe_created(made: Created) -> str:
    """Say that a campaign is there, and what is doubtful about its templates."""
    known = "" if made.is_new else " (it was there already)"
    lines = [f"campaign {made.campaign.id} is {made.campaign.state}{known}"]
    lines += [f"  {one.template}: {one.detail}" for one in made.advice]
    lines.append(f"next: voxgate campaign recipients {made.campaign.id} LIST.csv")
    return "\n".join(lines)


def describe_upload(added: Added, store: CampaignStore, campaign: str) -> str:
    """Say what became of the rows of a list, and which were rejected."""
    upload = added.upload
    lines = [
        f"{upload.rows} rows: {upload.accepted} accepted, {upload.known} known, "
        f"{upload.rejected} rejected"
    ]
    lines += [f"  line {one.number}: {one.detail}" for one in added.warnings]
    found = [row for name, row in store.rejections(campaign) if name == upload.name]
    for row in found[:_SHOWN]:
        who = "" if row.recipient_id is None else f" ({row.recipient_id})"
        lines.append(f"  row {row.number}{who}: {row.fault.code}: {row.fault.detail}")
    if upload.rejected > _SHOWN:
        lines.append(f"  and {upload.rejected - _SHOWN} more: `voxgate campaign report` lists all")
    return "\n".join(lines)


def describe_calibration(found: QualityCalibration) -> str:
    """Say how often good sentences and bad clips are refused by the limits that were set."""
    own = found.own_refusals
    lines = [
        f"limits of voice {found.subject.voice[:12]}: {own.refused} of {own.n} of its own "
        f"sentences are refused ({_percent(own.interval.low)} to {_percent(own.interval.high)})"
    ]
    lines += [f"  {kind}: {one.refused} of {one.n} refused" for kind, one in found.bad.items()]
    return "\n".join(lines)


def describe_plan(planned: Planned) -> str:
    """Say what a campaign is pinned to and what it will take."""
    taken, pinned = planned.estimate, planned.campaign.pinned
    assert pinned is not None
    profile = "its own speaker" if pinned.profile is None else pinned.profile
    return "\n".join(
        [
            f"campaign {planned.campaign.id}: {pinned.model} version {pinned.version} as "
            f"{profile}, preset {pinned.preset}",
            f"  {planned.counts.rows} rows: {planned.counts.recipients} recipients, "
            f"{planned.counts.rejected} rejected, {planned.counts.known} known",
            f"  {taken.cells} cells of {taken.sentences} distinct sentences ({taken.found} spoken "
            f"before) in {taken.renders} distinct files",
            f"  a sentence is used {taken.reuse:.1f} times; all cells last "
            f"{taken.audio_hours:.1f} hours, the files take {taken.bytes / 1e6:.1f} MB",
            f"  about {_hours(taken.core_hours)} of one core (without sharing "
            f"{_hours(taken.unshared_core_hours)}), {_hours(taken.wall_hours)} on "
            f"{taken.workers}, as this machine was timed just now",
            f"  the proof sample is {len(planned.proof)} cells",
            f"next: voxgate campaign start {planned.campaign.id}",
        ]
    )


def describe_campaign(shown: Mapping[str, Any]) -> str:
    """Say how a campaign stands."""
    why = f": {shown['why']}" if shown["why"] else ""
    lines = [f"campaign {shown['campaign']} is {shown['state']}{why}"]
    for title in ("rows", "cells", "sentences", "files"):
        counts = ", ".join(f"{count} {name}" for name, count in shown[title].items() if count)
        lines.append(f"  {title}: {counts or 'none'}")
    lines += [
        f"  to hear: {one['sentence'][:12]} for {one['cells']} cells "
        f"({', '.join(one['faults'])}): {one['text']}"
        for one in shown["review"]
    ]
    if following := _NEXT.get(shown["state"]):
        lines.append(f"next: voxgate campaign {following.format(id=shown['campaign'])}")
    return "\n".join(lines)


def describe_campaigns(found: Sequence[Campaign]) -> str:
    """List campaigns, one a line."""
    if not found:
        return "no campaigns; `voxgate campaign create FILE` makes one"
    return "\n".join(f"{one.id}  {one.state}  {one.why}".rstrip() for one in found)


def describe_output(written: WrittenOutput) -> str:
    """Say where the table and the report are."""
    return f"{written.folder}: report.html, cells.csv, cells.parquet (table {written.digest[:12]})"


def describe_verified(found: VerifiedOutput) -> str:
    """Say whether tables were recorded."""
    if not found.is_recorded:
        return (
            f"NOT RECORDED: no table of this campaign had the digest {found.digest[:12]} of those "
            f"in {found.folder}: they were changed, or are another's"
        )
    newer = "" if found.is_latest else "; another table was recorded since"
    return (
        f"recorded: table {found.digest[:12]} is that of event {found.sequence}, "
        f"{found.reported_at}{newer}"
    )


_NEXT = {
    "draft": "plan {id}",
    "planned": "start {id}",
    "proofed": 'approve {id} --reason "…" after you have heard the proof sample',
    "paused": 'resume {id} --reason "…"',
    "stopped": 'resume {id} --reason "…", or cancel it',
    "finished": "report {id}",
}


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _hours(hours: float) -> str:
    return f"{60 * hours:.1f} minutes" if hours < 1 else f"{hours:.1f} hours"
