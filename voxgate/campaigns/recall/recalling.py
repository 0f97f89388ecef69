"""Take back what was delivered: rows first, then everything else, and all of it can be repeated.

Once the rows say that a file is called back, its address answers 410 (`JobDesk.signed_audio`),
no campaign finds its sentences and nobody claims work of it. What comes after that frees disks and
caches and tells people; a kill at any instant leaves a recall that the same command finishes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from voxgate.campaigns.events import Event, Kind
from voxgate.campaigns.ports import Affected, CampaignStore, Selector
from voxgate.campaigns.recall.fetched import (
    FetchedFile,
    fetched_files,
    recall_folder,
    write_fetched,
)
from voxgate.campaigns.recall.jobs import recall_jobs, spoken_jobs
from voxgate.campaigns.recall.purge import CachePurge, PurgeResult
from voxgate.campaigns.tags import campaign_tag
from voxgate.errors import VoxgateError
from voxgate.files import digest_json
from voxgate.release.alarms import Alarm
from voxgate.serving.jobs.fetches import FetchLog
from voxgate.serving.jobs.ports import AssetStore, JobStore

__all__ = ["RecallTools", "Recalled", "erase", "recall", "recalled_campaigns"]

_FILES_AT_ONCE = 1000
_UNREAD = "caches are not purged, as no one can say whose files they have"


@dataclass(frozen=True, kw_only=True)
class RecallTools:
    """What a recall changes. `actor` goes into the events, lists go below `folder`.

    `condemn` bans a version of a model for a reason; one that is banned already is no error.
    `tell` hands a notice to people and systems, each key once.
    """

    store: CampaignStore
    assets: AssetStore
    jobs: JobStore
    fetches: FetchLog
    caches: CachePurge
    condemn: Callable[[str, int, str], None]
    tell: Callable[[Alarm], None]
    folder: Path
    actor: str


@dataclass(kw_only=True)
class Recalled:
    """What came of a recall. `now` is what this one called back, `campaigns` all that it is about.

    `faults` are the steps that did not come to their end: the same recall again does them.
    """

    dry_run: bool
    now: Affected
    campaigns: tuple[str, ...] = ()
    jobs: int = 0
    removed: int = 0
    purge: PurgeResult | None = None
    fetched: tuple[FetchedFile, ...] = ()
    list_at: Path | None = None
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values; the list of what was fetched is in its own file."""
        return {
            "dry_run": self.dry_run,
            "now": asdict(self.now),
            "campaigns": list(self.campaigns),
            "jobs": self.jobs,
            "removed": self.removed,
            "purge": None if self.purge is None else asdict(self.purge),
            "fetched_cells": len(self.fetched),
            "fetched_files": self.fetched_file_count,
            "list": None if self.list_at is None else str(self.list_at),
            "faults": list(self.faults),
        }

    @property
    def fetched_file_count(self) -> int:
        """How many files somebody may have."""
        return len({file.asset_id for file in self.fetched})


def recall(
    tools: RecallTools, selector: Selector, *, reason: str, dry_run: bool = False
) -> Recalled:
    """Call back what a selector names; a dry run only says what that would be, and lists it.

    A model's version that is named by itself is quarantined too. Faults after the rows are written
    are told in the result and stop none of the other steps.

    Raises:
        LedgerError, ExternalServiceError: the rows cannot be read or written; nothing is changed.
    """
    if dry_run:
        found = Recalled(dry_run=True, now=tools.store.affected(selector))
        found.campaigns = tuple(found.now.campaigns)
        found.jobs = sum(1 for _ in spoken_jobs(tools.jobs, selector))
        _list(tools, selector, found)
        return found
    found = Recalled(
        dry_run=False, now=tools.store.recall(selector, actor=tools.actor, reason=reason)
    )
    events: list[Event] = []
    with _going_on(found, _UNREAD):
        events = _events_of(tools.store, selector)
        found.campaigns = tuple(sorted({event.campaign for event in events}))
    if selector.version is not None and selector.given.keys() == {"model", "version"}:
        with _going_on(found, "the version is not quarantined"):
            tools.condemn(str(selector.model), selector.version, reason)
    with _going_on(found, "files are left, though nothing leads to them"):
        _remove_files(tools, found)
    with _going_on(found, "speech jobs are not called back"):
        found.jobs = recall_jobs(tools.jobs, tools.assets, selector, reason=reason)
    _purge(tools, found)
    with _going_on(found, "what was fetched is not listed"):
        _list(tools, selector, found)
    if found.campaigns or found.jobs:
        with _going_on(found, "nobody is told"):
            tools.tell(_notice(selector, events, found, reason))
    return found


def erase(
    tools: RecallTools, recipient_id: str, *, campaign_id: str | None, reason: str
) -> Recalled:
    """Forget a recipient, and remove and purge every file that only their cells had.

    Events name no recipients. So that a repeated erasure purges again, it purges what was ever
    erased for the same reason; of a cache too much is never wrong.

    Raises:
        UnknownCampaignError: there is no such campaign.
        LedgerError, ExternalServiceError: the rows cannot be written; nothing is changed.
    """
    now = tools.store.erase_recipient(
        recipient_id, campaign_id=campaign_id, actor=tools.actor, reason=reason
    )
    found = Recalled(dry_run=False, now=now)
    with _going_on(found, _UNREAD):
        found.campaigns = tuple(
            sorted(
                {
                    event.campaign
                    for event in tools.store.events(campaign_id)
                    if event.kind is Kind.ERASED and event.reason == reason
                }
            )
        )
    with _going_on(found, "files are left, though nothing leads to them"):
        _remove_files(tools, found)
    _purge(tools, found)
    return found


def recalled_campaigns(store: CampaignStore, selector: Selector) -> tuple[str, ...]:
    """Return the campaigns that recalls of these things were about, whoever did them.

    Raises:
        LedgerTamperedError: an event is not what was appended.
    """
    return tuple(sorted({event.campaign for event in _events_of(store, selector)}))


def _events_of(store: CampaignStore, selector: Selector) -> list[Event]:
    return [
        event
        for event in store.events()
        if event.kind is Kind.RECALLED and event.facts.get("selector") == selector.given
    ]


def _remove_files(tools: RecallTools, found: Recalled) -> None:
    while files := tools.store.recalled_files(limit=_FILES_AT_ONCE):
        tools.assets.remove_many(files)
        tools.store.note_removed(files)
        found.removed += len(files)


def _purge(tools: RecallTools, found: Recalled) -> None:
    if found.campaigns:
        with _going_on(found, "caches are not purged"):
            found.purge = tools.caches.purge([campaign_tag(one) for one in found.campaigns])


def _list(tools: RecallTools, selector: Selector, found: Recalled) -> None:
    found.fetched = tuple(fetched_files(tools.store, tools.jobs, tools.fetches, selector))
    folder = recall_folder(tools.folder, selector)
    write_fetched(folder, selector, found.fetched)
    found.list_at = folder


def _notice(selector: Selector, events: Sequence[Event], found: Recalled, reason: str) -> Alarm:
    named = ", ".join(f"{name} {value}" for name, value in selector.given.items())
    totals = {
        name: sum(int(event.facts.get(name, 0)) for event in events) for name in ("cells", "files")
    }
    # The same recall again has no new event, and is told once.
    about = digest_json([selector.given, [event.digest for event in events]])[:24]
    return Alarm(
        key=f"asset.recalled-{about}",
        subject=f"asset.recalled: speech of {named} is called back",
        text=(
            f"{totals['cells']} cells and {totals['files']} files of {len(found.campaigns)} "
            f"campaigns ({', '.join(found.campaigns) or 'none'}) and {found.jobs} speech jobs are "
            f"called back: {reason}. {found.fetched_file_count} of the files had been fetched; who "
            f"may have them is listed in {found.list_at}. Nobody can fetch any of them any more."
        ),
    )


@contextmanager
def _going_on(found: Recalled, what: str) -> Iterator[None]:
    """Note what failed, and let the next step be taken: each makes less of it reachable."""
    try:
        yield
    except (VoxgateError, OSError) as error:
        found.faults.append(f"{what}: {error}")
