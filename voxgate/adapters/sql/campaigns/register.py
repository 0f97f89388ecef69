"""Campaigns themselves, the locks on them, and the chain of what happened to them.

Whoever changes anything of a campaign locks its row first; whoever takes work shares it. So a claim
waits for nothing but a change of its own campaign, and no two of them can wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import CAMPAIGN_EVENTS as EVENTS
from voxgate.adapters.sql.campaign_schema import CAMPAIGNS, SHARES
from voxgate.adapters.sql.campaigns.rows import campaign_of, campaign_row
from voxgate.adapters.sql.leases import database_time
from voxgate.campaigns.events import Draft, Event, Kind, Row, parse_row, seal
from voxgate.campaigns.ports import Transition
from voxgate.campaigns.records import UNDER_WAY, Campaign, CampaignState
from voxgate.errors import CampaignStateError, LedgerTamperedError, UnknownCampaignError
from voxgate.files import digest_json
from voxgate.hash_chain import find_breaks

__all__ = [
    "Held",
    "add_share",
    "append_event",
    "change",
    "create",
    "event_rows",
    "events",
    "every",
    "find",
    "lock",
    "share",
    "was_approved",
]


_ALL = sa.select(EVENTS).order_by(EVENTS.c.sequence)


class Held:
    """A campaign as a transaction sees it, with the number that its rows have."""

    def __init__(self, row: sa.Row[Any]) -> None:
        self.number: int = row.number
        self.campaign: Campaign = campaign_of(row)

    def require_unstarted(self, action: str) -> None:
        """Refuse what is for a draft or a plan.

        Raises:
            CampaignStateError: the campaign was started or has ended.
        """
        state = self.campaign.state
        if state not in {CampaignState.DRAFT, CampaignState.PLANNED} or self.campaign.started_at_s:
            raise CampaignStateError(
                f"campaign {self.campaign.id}: cannot {action} while it is {state}: make a new one"
            )


def find(connection: sa.Connection, campaign_id: str) -> Held:
    """Return a campaign.

    Raises:
        UnknownCampaignError: there is none.
    """
    return _held(connection, campaign_id, sa.select(CAMPAIGNS))


def every(connection: sa.Connection, *, locked: bool = False) -> list[Held]:
    """Return all campaigns, oldest first; `locked` as `lock` does."""
    query = sa.select(CAMPAIGNS).order_by(CAMPAIGNS.c.number)
    return [Held(row) for row in connection.execute(query.with_for_update() if locked else query)]


def lock(connection: sa.Connection, campaign_id: str) -> Held:
    """Return a campaign that nobody else changes or takes work of until the transaction ends.

    Raises:
        UnknownCampaignError: there is none.
    """
    return _held(connection, campaign_id, sa.select(CAMPAIGNS).with_for_update())


def share(connection: sa.Connection, campaign_id: str) -> Held:
    """Return a campaign that nobody changes until the transaction ends; others may share it.

    Raises:
        UnknownCampaignError: there is none.
    """
    return _held(connection, campaign_id, sa.select(CAMPAIGNS).with_for_update(read=True))


def create(
    connection: sa.Connection, campaign_id: str, spec: Mapping[str, Any], *, owner: str
) -> tuple[Campaign, Draft | None]:
    """Write a draft; no event where it is there already. See `CampaignStore.create`."""
    digest = digest_json(spec)
    row = connection.execute(sa.select(CAMPAIGNS).where(CAMPAIGNS.c.id == campaign_id)).first()
    if row is not None:
        campaign = campaign_of(row)
        if campaign.spec_digest != digest:
            raise CampaignStateError(
                f"campaign {campaign_id} is there already, with another file (sha256 "
                f"{campaign.spec_digest[:12]}, this one {digest[:12]}): give this one another name"
            )
        return campaign, None
    made = Campaign(
        id=campaign_id,
        spec=dict(spec),
        spec_digest=digest,
        state=CampaignState.DRAFT,
        created_at_s=database_time(connection),
        owner=owner,
    )
    last = connection.execute(sa.select(sa.func.max(CAMPAIGNS.c.number))).scalar_one()
    number = (last or 0) + 1
    connection.execute(sa.insert(CAMPAIGNS).values(number=number, **campaign_row(made)))
    facts = {"spec_digest": digest}
    return made, Draft(kind=Kind.CREATED, campaign=made.id, actor=owner, reason="", facts=facts)


def add_share(connection: sa.Connection, campaign_id: str, weight: float) -> None:
    """Note the weight of a new campaign."""
    number = find(connection, campaign_id).number
    connection.execute(sa.insert(SHARES).values(campaign=number, weight=weight, taken=0.0))


def change(
    connection: sa.Connection, campaign_id: str, transition: Transition
) -> tuple[Campaign, Draft | None]:
    """Write what a transition makes of a campaign; the caller appends its event."""
    held = lock(connection, campaign_id)
    changed, draft = transition(held.campaign, database_time(connection))
    if changed != held.campaign:
        update = sa.update(CAMPAIGNS).where(CAMPAIGNS.c.number == held.number)
        connection.execute(update.values(**campaign_row(changed)))
        if changed.state in UNDER_WAY and held.campaign.state not in UNDER_WAY:
            _catch_up(connection, held.number)
    return changed, draft


def append_event(
    connection: sa.Connection, draft: Draft, *, now: datetime, heads: Collection[str]
) -> Event:
    """Append an event, inside a transaction that holds the writers' lock.

    Raises:
        LedgerTamperedError: the last row, or one that `heads` remember, is not what was appended.
    """
    _require_heads(connection, heads)
    newest = sa.select(EVENTS).order_by(EVENTS.c.sequence.desc()).limit(1)
    last = next(iter(_rows(connection, newest)), None)
    if last is not None:
        parse_row(last)
    row = seal(draft, after=last, now=now)
    event = parse_row(row)  # what cannot be read back is not written
    connection.execute(sa.insert(EVENTS).values(**vars(row)))
    return event


def events(
    connection: sa.Connection, campaign_id: str | None, heads: Collection[str]
) -> list[Event]:
    """Return what happened; see `CampaignStore.events`."""
    rows = _rows(connection, _ALL)
    _refuse(rows, heads)
    return [parse_row(row) for row in rows if campaign_id in {None, row.campaign}]


def event_rows(connection: sa.Connection) -> tuple[Row, ...]:
    """Return the chain as it is stored."""
    return _rows(connection, _ALL)


def was_approved(connection: sa.Connection, campaign_id: str) -> bool:
    """Tell whether the newest plan was approved; see `CampaignStore.was_approved`."""
    find(connection, campaign_id)
    kinds = [Kind.PLANNED.value, Kind.APPROVED.value]
    query = (
        sa.select(EVENTS)
        .where(EVENTS.c.campaign == campaign_id, EVENTS.c.kind.in_(kinds))
        .order_by(EVENTS.c.sequence.desc())
        .limit(1)
    )
    return any(parse_row(row).kind is Kind.APPROVED for row in _rows(connection, query))


def _held(connection: sa.Connection, campaign_id: str, query: sa.Select[Any]) -> Held:
    row = connection.execute(query.where(CAMPAIGNS.c.id == campaign_id)).one_or_none()
    if row is None:
        raise UnknownCampaignError(f"campaign {campaign_id[:80]!r}: there is none of this id")
    return Held(row)


def _catch_up(connection: sa.Connection, number: int) -> None:
    """Begin at the least of those under way: a late one owes nothing, and is owed nothing."""
    others = (
        sa.select(sa.func.min(SHARES.c.taken))
        .join(CAMPAIGNS, CAMPAIGNS.c.number == SHARES.c.campaign)
        .where(
            CAMPAIGNS.c.state.in_(sorted(s.value for s in UNDER_WAY)), SHARES.c.campaign != number
        )
    )
    least = connection.execute(others).scalar_one()
    if least is not None:
        mine = (SHARES.c.campaign == number) & (SHARES.c.taken < least)
        connection.execute(sa.update(SHARES).where(mine).values(taken=least))


def _require_heads(connection: sa.Connection, heads: Collection[str]) -> None:
    """Look for the remembered rows alone; the whole chain is read only where one is not there."""
    for head in heads:
        sequence, _, digest = head.partition(":")
        found = _rows(connection, sa.select(EVENTS).where(EVENTS.c.sequence == int(sequence)))
        if [row.digest for row in found] != [digest]:
            _refuse(_rows(connection, _ALL), [head])


def _refuse(rows: Collection[Row], heads: Collection[str]) -> None:
    findings = find_breaks(tuple(rows), heads)
    if findings:
        raise LedgerTamperedError(
            f"events of the campaigns, {findings[0].code}: {findings[0].message}. It is not what "
            f"was appended ({len(findings)} found): keep the database as it is and restore it from "
            "a backup."
        )


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(Row(**row) for row in connection.execute(query).mappings())
