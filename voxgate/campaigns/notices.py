"""What people are told about campaigns: derived from their events, and from nothing else.

The key of a notice follows from its event, so that each is told once however often it is derived.
There is no text of a recipient in it, as there is none in the events.
"""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.campaigns.events import Event, Kind
from voxgate.release.notices import Notice

__all__ = ["campaign_notices"]

_ANSWERS = frozenset(
    {
        Kind.APPROVED,
        Kind.CANCELLED,
        Kind.EXPIRED,
        Kind.FINISHED,
        Kind.PROOFED,
        Kind.RECALLED,
        Kind.RESUMED,
        Kind.STOPPED,
    }
)
"""After one of these nobody has to hear the proof sample, or look at the alarm, any more."""


def campaign_notices(events: Sequence[Event]) -> list[Notice]:
    """Return what there is to tell about campaigns, oldest first.

    A question (a proof sample to be heard, an alarm to be looked at) that was answered since is not
    among them any more.
    """
    last_answers = {event.campaign: event.sequence for event in events if event.kind in _ANSWERS}
    found = []
    for event in events:
        told = _told(event, is_open=last_answers.get(event.campaign) == event.sequence)
        if told is not None:
            subject, text = told
            found.append(
                Notice(
                    key=f"campaign-{event.sequence}-{event.digest[:16]}",
                    at=event.at,
                    subject=f"campaign {event.campaign}: {subject}",
                    text=text,
                )
            )
    return found


def _told(event: Event, *, is_open: bool) -> tuple[str, str] | None:
    """Return subject and text, if the event is one that people are told about."""
    name = event.campaign
    by = f"by {event.actor}: {event.reason}\n"
    show = f"voxgate campaign status {name}\n"
    if event.kind is Kind.PROOFED and is_open:
        return (
            "the proof sample waits to be heard",
            "Nothing else is spoken before somebody heard it and approves.\n\n"
            f"{show}voxgate campaign approve {name} --by YOU --reason WHY\n"
            f"voxgate campaign cancel {name} --by YOU --reason WHY\n",
        )
    if event.kind is Kind.STOPPED and is_open:
        return (
            "stopped by an alarm",
            f"{event.reason}\n\n{show}"
            f"voxgate campaign resume {name} --by YOU --reason WHY\n"
            f"voxgate campaign cancel {name} --by YOU --reason WHY\n",
        )
    if event.kind is Kind.FINISHED:
        return "finished", f"{show}voxgate campaign report {name}\n"
    if event.kind is Kind.EXPIRED:
        why = f"{event.reason}. What was not ready is not spoken.\n\n"
        return "its time is over", f"{why}{show}voxgate campaign report {name}\n"
    if event.kind is Kind.RECALLED:
        return "files were called back", f"{by}\n{show}"
    return None
