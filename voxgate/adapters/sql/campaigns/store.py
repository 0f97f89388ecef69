"""Campaigns in the ledger's database; implements `CampaignStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.campaigns import (
    claims,
    erasure,
    planning,
    reading,
    recalls,
    recipients,
    register,
    reviewing,
    settling,
)
from voxgate.adapters.sql.database import Database
from voxgate.anchor import NOWHERE, Anchor
from voxgate.campaigns.events import Draft, Event, Kind, Row
from voxgate.campaigns.ports import (
    Affected,
    Claim,
    NamedCell,
    Selector,
    Settled,
    SettledRender,
    SettledSentence,
    Transition,
)
from voxgate.campaigns.records import (
    Campaign,
    Cell,
    CellState,
    Counts,
    Fault,
    Pinned,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    Recipient,
    Rejection,
    SentenceState,
    SentenceWork,
    SpokenResult,
    Upload,
)
from voxgate.campaigns.transitions import end_part
from voxgate.clock import utc_now
from voxgate.hash_chain import name_head

__all__ = ["SqlCampaignStore"]

_CELLS_A_PAGE = 1000
_NAMED_A_PAGE = 10_000
"""Each page asks anew what is named."""


class SqlCampaignStore:
    """The campaigns in one database; see `CampaignStore` for every method.

    Nothing is appended to, or told from, a chain of events that lacks the head that `anchor`
    remembers. What is not decided by events leaves the ledger's writers' lock alone on PostgreSQL.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        anchor: Anchor = NOWHERE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._anchor = anchor

    # Campaigns

    def create(
        self, campaign_id: str, spec: Mapping[str, Any], *, owner: str, weight: float = 1.0
    ) -> tuple[Campaign, bool]:
        """Make a draft; see `CampaignStore.create`."""
        with self._deciding() as (connection, events):
            campaign, draft = register.create(connection, campaign_id, spec, owner=owner)
            if draft is not None:
                register.add_share(connection, campaign_id, weight)
                events.append(draft)
        return campaign, draft is not None

    def campaign(self, campaign_id: str) -> Campaign:
        """Return a campaign."""
        with self._database.reading() as connection:
            return register.find(connection, campaign_id).campaign

    def campaigns(self) -> list[Campaign]:
        """Return all campaigns, newest first."""
        with self._database.reading() as connection:
            return [held.campaign for held in reversed(register.every(connection))]

    def pinned_campaigns(self) -> list[tuple[Campaign, Pinned]]:
        """Return what was planned; see `CampaignStore.pinned_campaigns`."""
        found = self.campaigns()
        return [(one, one.pinned) for one in found if one.pinned is not None]

    def change(self, campaign_id: str, transition: Transition) -> Campaign:
        """Apply a transition; see `CampaignStore.change`."""
        with self._deciding() as (connection, events):
            campaign, draft = register.change(connection, campaign_id, transition)
            events.extend([draft] if draft is not None else [])
        return campaign

    def append(self, draft: Draft) -> Event:
        """Append an event; see `CampaignStore.append`."""
        with self._database.writing() as connection:
            register.find(connection, draft.campaign)
            event = self._append(connection, draft)
        self._anchor.note(name_head(event.sequence, event.digest))
        return event

    def events(self, campaign_id: str | None = None) -> list[Event]:
        """Return what happened; see `CampaignStore.events`."""
        heads = self._anchor.heads()  # before the rows: whoever appends meanwhile notes a newer one
        with self._database.reading() as connection:
            if campaign_id is not None:
                register.find(connection, campaign_id)
            return register.events(connection, campaign_id, heads)

    def event_rows(self) -> tuple[Row, ...]:
        """Return the chain as it is stored; see `CampaignStore.event_rows`."""
        with self._database.reading() as connection:
            return register.event_rows(connection)

    def was_approved(self, campaign_id: str) -> bool:
        """Tell whether the plan was approved; see `CampaignStore.was_approved`."""
        with self._database.reading() as connection:
            return register.was_approved(connection, campaign_id)

    # Recipients

    def upload(self, campaign_id: str, name: str) -> Upload | None:
        """Return an upload; see `CampaignStore.upload`."""
        with self._database.reading() as connection:
            held = register.find(connection, campaign_id)
            return recipients.read_upload(connection, held.number, name)

    def add_rows(
        self, campaign_id: str, name: str, rows: Sequence[Recipient | Rejection]
    ) -> Upload:
        """Add rows of an upload; see `CampaignStore.add_rows`."""
        with self._writing() as connection:
            held = register.lock(connection, campaign_id)
            return recipients.add_rows(connection, held, name, rows)

    def end_upload(self, campaign_id: str, name: str, *, rows: int, owner: str) -> Upload:
        """Note the end of an upload; see `CampaignStore.end_upload`."""
        with self._deciding() as (connection, events):
            held = register.lock(connection, campaign_id)
            upload, is_new = recipients.end_upload(connection, held, name, rows=rows)
            if is_new:
                events.append(
                    Draft(
                        kind=Kind.UPLOADED,
                        campaign=campaign_id,
                        actor=owner,
                        reason="",
                        facts=vars(upload),
                    )
                )
        return upload

    def recipients(self, campaign_id: str, *, after: int = 0, limit: int = 1000) -> list[Recipient]:
        """Return accepted rows; see `CampaignStore.recipients`."""
        with self._database.reading() as connection:
            number = register.find(connection, campaign_id).number
            return recipients.list_recipients(connection, number, after=after, limit=limit)

    def rejections(
        self, campaign_id: str, *, after: int = 0, limit: int = 1000
    ) -> list[tuple[str, Rejection]]:
        """Return rejected rows; see `CampaignStore.rejections`."""
        with self._database.reading() as connection:
            number = register.find(connection, campaign_id).number
            return recipients.list_rejections(connection, number, after=after, limit=limit)

    # Planning

    def clear_plan(self, campaign_id: str) -> None:
        """Forget a plan; see `CampaignStore.clear_plan`."""
        with self._writing() as connection:
            planning.clear_plan(connection, register.lock(connection, campaign_id))

    def add_plan(
        self,
        campaign_id: str,
        *,
        cells: Sequence[PlannedCell],
        renders: Sequence[PlannedRender],
        sentences: Sequence[PlannedSentence],
    ) -> None:
        """Add a batch of a plan; see `CampaignStore.add_plan`."""
        with self._writing() as connection:
            held = register.lock(connection, campaign_id)
            planning.add_plan(connection, held, cells=cells, renders=renders, sentences=sentences)

    def mark_proof(self, campaign_id: str, cells: Sequence[tuple[str, str]]) -> None:
        """Mark the proof sample; see `CampaignStore.mark_proof`."""
        with self._writing() as connection:
            planning.mark_proof(connection, register.lock(connection, campaign_id), cells)

    def spoken_before(self, keys: Sequence[str]) -> Mapping[str, SpokenResult]:
        """Return what was spoken; see `CampaignStore.spoken_before`."""
        with self._database.reading() as connection:
            return planning.spoken_before(connection, keys)

    # Work

    def claim(
        self,
        *,
        worker: str,
        lease_s: float,
        limit: int = 32,
        render_limit: int = 200,
        campaign_id: str | None = None,
    ) -> Claim | None:
        """Take work; see `CampaignStore.claim`."""
        with self._database.reading() as connection:
            candidates = claims.candidates(connection, campaign_id)
        for candidate in candidates:
            self._end_poison(candidate)
            with self._writing() as connection:  # one a campaign: two locks could wait in a circle
                held = register.share(connection, candidate)
                claim = claims.take(
                    connection,
                    held,
                    worker=worker,
                    lease_s=lease_s,
                    limit=limit,
                    render_limit=render_limit,
                )
            if claim is not None:
                return claim
        return None

    def renew(self, claim: Claim, *, lease_s: float) -> None:
        """Hold a claim on; see `CampaignStore.renew`."""
        with self._writing() as connection:
            held = register.share(connection, claim.campaign.id)
            claims.renew(connection, held, claim, lease_s=lease_s)

    def release(self, worker: str, *, died: bool) -> int:
        """Give back what a worker held; see `CampaignStore.release`."""
        with self._database.reading() as connection:
            campaigns = claims.held_by(connection, worker)
        released = 0
        for campaign_id in campaigns:
            with self._writing() as connection:
                held = register.lock(connection, campaign_id)
                released += claims.release(connection, held, worker, died=died)
        return released

    def settle_sentences(self, campaign_id: str, settled: Sequence[SettledSentence]) -> Settled:
        """Write what became of sentences; see `CampaignStore.settle_sentences`."""
        with self._writing() as connection:
            held = register.lock(connection, campaign_id)
            return settling.settle_sentences(connection, held, settled)

    def settle_renders(self, campaign_id: str, settled: Sequence[SettledRender]) -> Settled:
        """Write what became of renders; see `CampaignStore.settle_renders`."""
        with self._writing() as connection:
            held = register.lock(connection, campaign_id)
            return settling.settle_renders(connection, held, settled)

    def recent_results(self, campaign_id: str, *, limit: int = 200) -> list[SpokenResult]:
        """Return the last results; see `CampaignStore.recent_results`."""
        with self._database.reading() as connection:
            number = register.find(connection, campaign_id).number
            return settling.recent_results(connection, number, limit=limit)

    def end_if_done(self, campaign_id: str, *, actor: str) -> Campaign:
        """End what is done; see `CampaignStore.end_if_done`."""
        with self._database.reading() as connection:  # nearly always the answer, and it locks none
            held = register.find(connection, campaign_id)
            if claims.has_open_work(connection, held):
                return held.campaign
        with self._deciding() as (connection, events):
            held = register.lock(connection, campaign_id)
            if claims.has_open_work(connection, held):
                return held.campaign
            end = partial(end_part, actor=actor)
            campaign, draft = register.change(connection, campaign_id, end)
            events.extend([draft] if draft is not None else [])
        return campaign

    def has_open_work(self, campaign_id: str) -> bool:
        """Tell whether anything is open; see `CampaignStore.has_open_work`."""
        with self._database.reading() as connection:
            return claims.has_open_work(connection, register.find(connection, campaign_id))

    def accept_reviewed(self, campaign_id: str, key: str, *, actor: str, reason: str) -> None:
        """Let a sentence pass; see `CampaignStore.accept_reviewed`.

        A campaign that had finished, or whose proof sample had, has work again and goes on.

        Raises:
            CampaignStateError: it does not need review, or the campaign speaks no more.
        """
        with self._deciding() as (connection, events):
            held = register.lock(connection, campaign_id)
            events.append(reviewing.accept(connection, held, key, actor=actor, reason=reason))

    # Reading

    def counts(self, campaign_id: str) -> Counts:
        """Count everything; see `CampaignStore.counts`."""
        with self._database.reading() as connection:
            return reading.read_counts(connection, register.find(connection, campaign_id))

    def cells(
        self,
        campaign_id: str,
        *,
        after: tuple[int, str] = (0, ""),
        limit: int = 1000,
        state: CellState | None = None,
        proof: bool = False,
    ) -> list[Cell]:
        """Return cells; see `CampaignStore.cells`."""
        with self._database.reading() as connection:
            held = register.find(connection, campaign_id)
            return reading.list_cells(
                connection, held, after=after, limit=limit, state=state, proof=proof
            )

    def each_cell(self, campaign_id: str) -> Iterator[Cell]:
        """Yield all cells; see `CampaignStore.each_cell`."""
        after = (0, "")
        while page := self.cells(campaign_id, after=after, limit=_CELLS_A_PAGE):
            yield from page
            after = (page[-1].number, page[-1].template)

    def sentences(
        self,
        campaign_id: str,
        *,
        state: SentenceState | None = None,
        after: str = "",
        limit: int = 100,
    ) -> list[tuple[SentenceWork, SpokenResult | None, Fault | None]]:
        """Return sentences; see `CampaignStore.sentences`."""
        with self._database.reading() as connection:
            number = register.find(connection, campaign_id).number
            return reading.list_sentences(connection, number, state=state, after=after, limit=limit)

    # Recall

    def affected(self, selector: Selector) -> Affected:
        """Count what a selector names; see `CampaignStore.affected`."""
        with self._database.reading() as connection:
            return recalls.affected(connection, selector)

    def recall(self, selector: Selector, *, actor: str, reason: str) -> Affected:
        """Call back what a selector names; see `CampaignStore.recall`."""
        with self._deciding() as (connection, events):
            found, drafts = recalls.recall(connection, selector, actor=actor, reason=reason)
            events.extend(drafts)
        return found

    def named_cells(self, selector: Selector) -> Iterator[NamedCell]:
        """Yield cells whose files are named; see `CampaignStore.named_cells`."""
        after = (0, 0, "")
        while True:
            with self._database.reading() as connection:
                page, after = recalls.named_cells(
                    connection, selector, after=after, limit=_NAMED_A_PAGE
                )
            if not page:
                return
            yield from page

    def is_recalled(self, asset_id: str) -> bool:
        """Tell whether a file was called back; see `CampaignStore.is_recalled`."""
        with self._database.reading() as connection:
            return recalls.is_recalled(connection, asset_id)

    def recalled_files(self, *, limit: int = 1000) -> list[str]:
        """Return files to be removed; see `CampaignStore.recalled_files`."""
        with self._database.reading() as connection:
            return recalls.recalled_files(connection, limit=limit)

    def note_removed(self, asset_ids: Sequence[str]) -> None:
        """Note that files are removed; see `CampaignStore.note_removed`."""
        with self._writing() as connection:
            recalls.note_removed(connection, asset_ids)

    def erase_recipient(
        self, recipient_id: str, *, campaign_id: str | None, actor: str, reason: str
    ) -> Affected:
        """Forget a recipient; see `CampaignStore.erase_recipient`."""
        with self._deciding() as (connection, events):
            found, drafts = erasure.erase(
                connection, recipient_id, campaign_id, actor=actor, reason=reason
            )
            events.extend(drafts)
        return found

    def _end_poison(self, campaign_id: str) -> None:
        with self._database.reading() as connection:
            if not claims.has_poison(connection, register.find(connection, campaign_id)):
                return
        with self._writing() as connection:
            claims.end_poison(connection, register.lock(connection, campaign_id))

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Yield a transaction in which rows can be locked; alone on SQLite."""
        with self._database.reading() as connection:
            connection.execution_options(writes=True)  # so that SQLite does BEGIN IMMEDIATE
            with connection.begin():
                yield connection

    @contextmanager
    def _deciding(self) -> Iterator[tuple[sa.Connection, list[Draft]]]:
        """Yield a transaction that appends the events that are put into the list at its end."""
        drafts: list[Draft] = []
        event: Event | None = None
        with self._database.writing() as connection:
            yield connection, drafts
            for draft in drafts:
                event = self._append(connection, draft)
        if event is not None:
            self._anchor.note(name_head(event.sequence, event.digest))

    def _append(self, connection: sa.Connection, draft: Draft) -> Event:
        heads = self._anchor.heads()
        return register.append_event(connection, draft, now=self._clock(), heads=heads)
