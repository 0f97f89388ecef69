"""When a version goes on trial, and how a trial is stopped: from the book to the event, or None."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from voxgate.errors import (
    AlreadyDecidedError,
    ApprovalNeededError,
    ConfigError,
    DecisionExpiredError,
    QuarantinedVersionError,
    ReleaseConflictError,
    ReleaseError,
)
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind
from voxgate.release.policy import MONITOR_ACTOR, require_person, require_words
from voxgate.release.records import UNDECIDED, Release
from voxgate.release.states import State
from voxgate.release.trials import MAX_DAYS, Trial, share_faults

__all__ = ["TrialPlan", "start_trial", "stop_by_monitor", "stop_trial"]


@dataclass(frozen=True, kw_only=True)
class TrialPlan:
    """Who tries which version, for whom, how long, and why.

    Raises:
        ConfigError: a share or the days are out of bounds, or both shares are 0; all faults are
            listed.
    """

    version: int
    by: str
    reason: str
    canary_per_mille: int = 0
    shadow_per_mille: int = 0
    days: int = 7

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise ConfigError("trial", faults)

    def _faults(self) -> Iterator[str]:
        yield from share_faults(
            canary_per_mille=self.canary_per_mille, shadow_per_mille=self.shadow_per_mille
        )
        if not self.canary_per_mille and not self.shadow_per_mille:
            yield "canary_per_mille, shadow_per_mille: both are 0, so nothing would be tried"
        if not 1 <= self.days <= MAX_DAYS:
            yield f"days: expected 1 to {MAX_DAYS}, got {self.days}"


def start_trial(book: Book, plan: TrialPlan, *, now: datetime) -> Draft | None:
    """Let a version that is not live speak real requests.

    A canary is heard, so it is for an approved version alone, and ends with the approval. A shadow
    is heard by nobody: any version that is not decided against may be one.

    Raises:
        UnknownVersionError: there is no such version.
        ReleaseError: no name, or no reason.
        ApproverError: it is done under the name of a policy.
        QuarantinedVersionError, AlreadyDecidedError: the version is decided.
        ApprovalNeededError, DecisionExpiredError: a canary without a valid approval.
        ReleaseConflictError: another trial is on, nothing is live, or the approval is to replace
            something else.
    """
    require_words(plan.by, plan.reason)
    require_person(plan.by)
    release = book.require(plan.version)
    standing = book.trial_at(now)
    if standing is not None:
        if _is_repeat(standing, plan):
            return None
        raise ReleaseConflictError(
            f"version {standing.version} is on trial until "
            f"{standing.until.isoformat(timespec='minutes')}; one at a time, so that the figures "
            f"are of one thing. First: `voxgate trial stop {standing.version}`"
        )
    _require_undecided(release)
    if book.live is None:
        raise ReleaseConflictError("nothing is live: there is nothing to try a version beside")
    until = now + timedelta(days=plan.days)
    if plan.canary_per_mille:
        until = min(until, _require_hearable(book, release, now))
    facts = {
        "against": book.live,
        "canary_per_mille": plan.canary_per_mille,
        "shadow_per_mille": plan.shadow_per_mille,
        "until": until.isoformat(),
    }
    return book.draft(Kind.TRIAL_STARTED, plan.version, by=plan.by, reason=plan.reason, facts=facts)


def stop_trial(book: Book, version: int, *, by: str, reason: str) -> Draft | None:
    """End the trial of a version: anybody may, under their own name.

    Raises:
        UnknownVersionError: there is no such version.
        ApproverError: `by` is the name of a policy.
        ReleaseError: it never was on trial.
    """
    require_words(by, reason)
    require_person(by)
    book.require(version)
    trial = book.trial
    if trial is not None and trial.version == version:
        return _stop(book, trial, by=by, reason=reason, facts={})
    if not any(former.version == version for former in book.trials):
        on = "no version is" if trial is None else f"version {trial.version} is"
        raise ReleaseError(f"version {version} is not on trial; {on}")
    return None


def stop_by_monitor(
    book: Book, number: int, *, reason: str, figures: Mapping[str, Any]
) -> Draft | None:
    """End the trial `number` on what was measured; None when it has ended already."""
    trial = book.trial
    if trial is None or trial.number != number:
        return None
    return _stop(book, trial, by=MONITOR_ACTOR, reason=reason, facts={"figures": figures})


def _is_repeat(standing: Trial, plan: TrialPlan) -> bool:
    names = ("version", "by", "canary_per_mille", "shadow_per_mille")
    return all(getattr(standing, name) == getattr(plan, name) for name in names)


def _stop(book: Book, trial: Trial, *, by: str, reason: str, facts: Mapping[str, Any]) -> Draft:
    named = {"trial": trial.number, **facts}
    return book.draft(Kind.TRIAL_STOPPED, trial.version, by=by, reason=reason, facts=named)


def _require_undecided(release: Release) -> None:
    if release.state is State.QUARANTINED:
        raise QuarantinedVersionError(f"version {release.version} is quarantined; nobody speaks it")
    if release.state not in UNDECIDED:
        raise AlreadyDecidedError(
            f"version {release.version} is {release.state.value}; a trial is for a version that "
            "may become live"
        )


def _require_hearable(book: Book, release: Release, now: datetime) -> datetime:
    """Return the end of the approval."""
    approval = release.approval
    if release.state is not State.APPROVED or approval is None:
        raise ApprovalNeededError(
            f"version {release.version} is {release.standing(now)}, not approved: callers would "
            "hear it. Without --canary-per-mille it can be tried unheard"
        )
    if release.is_expired(now):
        raise DecisionExpiredError(
            f"the approval of version {release.version} was valid until "
            f"{approval.until.isoformat(timespec='minutes')}; `voxgate run` judges it again"
        )
    if approval.replaces != book.live:
        raise ReleaseConflictError(
            f"version {release.version} was approved to replace version "
            f"{approval.replaces or 'none'}, live is version {book.live}: it can never be "
            "promoted. `voxgate run` judges it against what is live"
        )
    return approval.until
