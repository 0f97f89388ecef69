"""What people are told about a release: derived from the ledger's events, and from nothing else.

The events are the outbox. A notice exists as soon as the transaction of its event is committed, and
its key follows from that event, so that whoever derives it again gets the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from voxgate.files import digest_json
from voxgate.release.book import Book
from voxgate.release.events import Event, Kind
from voxgate.release.policy import Policy, is_automatic
from voxgate.release.records import OFFERED, Judgement, Release
from voxgate.release.states import State
from voxgate.release.trials import Trial

__all__ = ["SOON", "Channel", "Notice", "notices"]

SOON = timedelta(hours=24)
"""How long before the end of a decision's time, or of an override, people are reminded."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing to tell. `key` is the same whenever the notice is derived, or sent, again.

    `subject` is one line; `at` is when it became true.
    """

    key: str
    at: datetime
    subject: str
    text: str


class Channel(Protocol):
    """A way to reach people. `name` is stable: what was delivered is remembered under it."""

    @property
    def name(self) -> str:
        """Name in `voxgate outbox list`."""
        ...

    def send(self, notice: Notice) -> None:
        """Deliver; returns only when the receiver has acknowledged.

        Raises:
            DeliveryError: the receiver refused this notice.
            ExternalServiceError: it could not be reached, or did not answer in time.
        """
        ...


def notices(model: str, events: Sequence[Event], policy: Policy, now: datetime) -> list[Notice]:
    """Return what there is to tell about a model, oldest first.

    A question that was answered or asked anew is not among them any more.
    """
    book = Book.of(model, events)
    found = [
        Notice(
            key=f"event-{event.sequence}-{event.digest[:16]}",
            at=event.at,
            subject=f"{model}: {subject}",
            text=text,
        )
        for event in events
        for subject, text in _told(event, book, policy)
    ]
    return sorted([*found, *_reminders(book, now)], key=lambda notice: notice.at)


def _told(event: Event, book: Book, policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield subject and text, if the event is one that people are told about."""
    if event.version is None:
        return
    by = f"by {event.actor}: {event.reason}"
    version = f"version {event.version}"
    if event.kind is Kind.JUDGED:
        judgement = Judgement.from_facts(event.facts)
        if judgement == book.require(event.version).judgement:
            yield from _verdict(book.require(event.version), judgement, policy)
    elif event.kind is Kind.PROMOTED:
        yield f"{version} is live", f"{version} is live in the place of {_replaced(event)}, {by}\n"
    elif event.kind is Kind.ROLLED_BACK:
        yield f"rolled back to {version}", f"{_replaced(event)} was taken down {by}\n"
    elif event.kind is Kind.REJECTED:
        yield f"{version} was rejected", f"{by}\n"
    elif event.kind is Kind.TRIAL_STARTED:
        trial = Trial.from_event(event)
        heard = f"heard by {trial.canary_per_mille} in 1000, " if trial.is_heard else "unheard, "
        yield (
            f"{version} is on trial",
            f"{heard}beside {trial.shadow_per_mille} in 1000, until "
            f"{trial.until.isoformat(timespec='minutes')}, {by}\n",
        )
    elif event.kind is Kind.TRIAL_STOPPED:
        yield f"the trial of {version} was stopped", f"{by}\n"
    elif event.kind is Kind.QUARANTINED:
        down = "; nothing is live now" if book.live is None else ""
        yield f"{version} is quarantined", f"{version} was {event.facts['was']}{down}. {by}\n"


def _verdict(release: Release, judgement: Judgement, policy: Policy) -> Iterator[tuple[str, str]]:
    version = release.version
    if judgement.verdict not in OFFERED:
        if release.state is State.CANDIDATE:
            text = (
                f"It is not offered for a decision. Why: voxgate verify {judgement.bundle}\n"
                f"Read and hear: {judgement.report}/verdict.html (voxgate report {version})\n"
            )
            yield f"the verdict on version {version} is {judgement.verdict}", text
    elif release.state is State.PENDING and not (policy.automatic and is_automatic(judgement)):
        yield (
            f"version {version} waits for a decision ({judgement.verdict})",
            f"until {judgement.expires_at.isoformat(timespec='minutes')}, on the evidence "
            f"{judgement.evidence_digest[:12]}\n\n"
            f"Read and hear: {judgement.report}/verdict.html (voxgate report {version})\n"
            f"{_looser(judgement)}"
            f"voxgate verify {judgement.bundle}\n"
            f"voxgate approve {version} --by YOU --reason WHY\n"
            f"voxgate reject {version} --by YOU --reason WHY\n",
        )


def _looser(judgement: Judgement) -> str:
    if not judgement.loosened:
        return ""
    by = judgement.limits_changed or "by whom is not known"
    limits = "".join(f"  {limit}\n" for limit in judgement.loosened)
    return f"Judged under looser limits than the last approved version ({by}):\n{limits}\n"


def _reminders(book: Book, now: datetime) -> Iterator[Notice]:
    for release in book.releases.values():
        end, what, then = None, "", ""
        if release.state is State.PENDING and release.judgement is not None:
            end, what = release.judgement.expires_at, "the decision about"
            then = f"voxgate approve {release.version} --by YOU --reason WHY\n"
        elif release.state is State.LIVE and release.approval and release.approval.override:
            end, what = release.approval.until, "the override of"
            then = "It stays live until you roll back or approve another version.\n"
        if end is not None and end - SOON <= now < end:
            yield Notice(
                key=f"ends-{digest_json([book.model, release.version, end.isoformat()])[:24]}",
                at=end - SOON,
                subject=f"{book.model}: {what} version {release.version} ends soon",
                text=f"It ends at {end.isoformat(timespec='minutes')}.\n\n{then}",
            )


def _replaced(event: Event) -> str:
    replaced = event.facts["replaced"]
    return "nothing" if replaced is None else f"version {replaced}"
