"""Work is taken, row by row under a lease; whose turn it is, and what nobody may take again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import CAMPAIGNS, PARTS, RENDERS, SENTENCES, SHARES
from voxgate.adapters.sql.campaigns.propagation import fail_renders, renders_with
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import batches, json_text, result_of, sentence_of
from voxgate.adapters.sql.leases import database_time
from voxgate.campaigns.ports import Claim
from voxgate.campaigns.records import (
    ENDED,
    UNDER_WAY,
    CampaignState,
    Fault,
    RenderState,
    RenderWork,
    SentenceState,
    SpokenResult,
)

__all__ = [
    "MAX_DEATHS",
    "MAX_DELIVERIES",
    "candidates",
    "end_poison",
    "has_open_work",
    "has_poison",
    "held_by",
    "release",
    "renew",
    "take",
    "waiting_again",
]

MAX_DEATHS = 3
"""What this many workers were seen to die with is handed out to nobody."""

MAX_DELIVERIES = 10
"""Nor is what so many took and never said a word of: a machine that goes down tells little."""

_POISON = Fault(
    code="poison",
    detail=f"{MAX_DEATHS} workers were seen to die with it, or {MAX_DELIVERIES} took it and were "
    "not heard of again; all but the first had it alone",
)
_PROOF_ONLY = {CampaignState.PLANNED, CampaignState.PROOFING, CampaignState.PROOFED}


def candidates(connection: sa.Connection, campaign_id: str | None) -> list[str]:
    """Return the campaigns under way; first the one that had the least for its weight."""
    query = (
        sa.select(CAMPAIGNS.c.id)
        .join(SHARES, SHARES.c.campaign == CAMPAIGNS.c.number)
        .where(CAMPAIGNS.c.state.in_(sorted(state.value for state in UNDER_WAY)))
        .order_by(SHARES.c.taken, CAMPAIGNS.c.number)
    )
    if campaign_id is not None:
        query = query.where(CAMPAIGNS.c.id == campaign_id)
    return list(connection.execute(query).scalars())


def has_poison(connection: sa.Connection, held: Held) -> bool:
    """Tell whether something is due that nobody may take again."""
    now_s = database_time(connection)
    queries = (
        sa.select(table.c.number).where(_poisoned(table, held.number, now_s)).limit(1)
        for table in (SENTENCES, RENDERS)
    )
    return any(connection.execute(query).first() is not None for query in queries)


def end_poison(connection: sa.Connection, held: Held) -> None:
    """End what killed its workers, and the renders that need it."""
    now_s = database_time(connection)
    sentences = _poisoned(SENTENCES, held.number, now_s)
    ended = {"due_at_s": None, "fault": json_text(_POISON)}
    dead = connection.execute(
        sa.update(SENTENCES)
        .where(sentences)
        .values(state=SentenceState.FAILED.value, spoken_at_s=now_s, **ended)
        .returning(SENTENCES.c.number)
    ).scalars()
    for some in batches(dead):
        fail_renders(connection, renders_with(held.number, some), _POISON, now_s=now_s)
    fail_renders(connection, _poisoned(RENDERS, held.number, now_s), _POISON, now_s=now_s)


def take(
    connection: sa.Connection,
    held: Held,
    *,
    worker: str,
    lease_s: float,
    limit: int,
    render_limit: int,
) -> Claim | None:
    """Take what comes first of a campaign; see `CampaignStore.claim`."""
    if held.campaign.state not in UNDER_WAY:
        return None
    now_s = database_time(connection)
    due = {table: _due(table, held, now_s) for table in (SENTENCES, RENDERS)}
    # What somebody died with comes when there is nothing else, and alone.
    for suspect in (False, True):
        most = {SENTENCES: 1 if suspect else limit, RENDERS: 1 if suspect else render_limit}
        clean = {t: w & ((t.c.deliveries > 0) == suspect) for t, w in due.items()}
        ready = _count(connection, RENDERS, clean[RENDERS], most[RENDERS])
        renders_first = ready >= most[RENDERS]
        for table in (RENDERS, SENTENCES) if renders_first else (SENTENCES, RENDERS):
            rows = _lock(connection, table, clean[table], most[table], suspect=suspect)
            if rows:
                taken = _lend(connection, table, rows, worker=worker, until_s=now_s + lease_s)
                _note_share(connection, held.number, len(taken))
                return _claim(connection, held, table, taken)
    return None


def renew(connection: sa.Connection, held: Held, claim: Claim, *, lease_s: float) -> None:
    """Let what is still held be held on; see `CampaignStore.renew`."""
    until_s = database_time(connection) + lease_s
    for table, items in ((SENTENCES, claim.sentences), (RENDERS, claim.renders)):
        tokens = [{"of": item.key, "token": item.attempt} for item in items]
        if tokens:
            mine = (
                (table.c.campaign == held.number)
                & (table.c.key == sa.bindparam("of"))
                & (table.c.attempt == sa.bindparam("token"))
                & (table.c.state == _RUNNING[table])
            )
            connection.execute(sa.update(table).where(mine).values(due_at_s=until_s), tokens)


def held_by(connection: sa.Connection, worker: str) -> list[str]:
    """Return the campaigns of which a worker holds something."""
    found: set[str] = set()
    for table in (SENTENCES, RENDERS):
        query = (
            sa.select(CAMPAIGNS.c.id)
            .join(table, table.c.campaign == CAMPAIGNS.c.number)
            .where(table.c.due_at_s.is_not(None), _is_held(table, worker))
            .distinct()
        )
        found.update(connection.execute(query).scalars())
    return sorted(found)


def release(connection: sa.Connection, held: Held, worker: str, *, died: bool) -> int:
    """Give back what a worker held that is no more; see `CampaignStore.release`."""
    released = 0
    for table in (SENTENCES, RENDERS):
        mine = (table.c.campaign == held.number) & _is_held(table, worker)
        update = sa.update(table).where(mine).values(**waiting_again(table, died=died))
        released += connection.execute(update).rowcount
    return released


def waiting_again(table: sa.Table, *, died: bool = False) -> dict[str, Any]:
    """Return the columns of what is due again; not counted, unless a worker `died` with it."""
    counted = table.c.deaths + 1 if died else table.c.deliveries - 1
    return {"state": _WAITING[table], "due_at_s": 0.0, "deaths" if died else "deliveries": counted}


def has_open_work(connection: sa.Connection, held: Held) -> bool:
    """Tell whether anything is open; see `CampaignStore.has_open_work`."""
    if held.campaign.state in ENDED:
        return False
    for table in (SENTENCES, RENDERS):
        open_one = sa.select(table.c.number).where(
            table.c.campaign == held.number, table.c.due_at_s.is_not(None)
        )
        if held.campaign.state in _PROOF_ONLY:
            open_one = open_one.where(table.c.proof == 1)
        if connection.execute(open_one.limit(1)).first() is not None:
            return True
    return False


_RUNNING = {SENTENCES: SentenceState.RUNNING.value, RENDERS: RenderState.RUNNING.value}
_WAITING = {SENTENCES: SentenceState.WAITING.value, RENDERS: RenderState.WAITING.value}


def _due(table: sa.Table, held: Held, now_s: float) -> sa.ColumnElement[bool]:
    due = (
        (table.c.campaign == held.number)
        & (table.c.due_at_s <= now_s)
        & (table.c.deliveries < MAX_DELIVERIES)
        & (table.c.deaths < MAX_DEATHS)
    )
    if table is RENDERS:
        due &= RENDERS.c.pending == 0
    if held.campaign.state is CampaignState.PROOFING:
        due &= table.c.proof == 1
    return due


def _is_held(table: sa.Table, worker: str) -> sa.ColumnElement[bool]:
    return (table.c.worker == worker) & (table.c.state == _RUNNING[table])


def _poisoned(table: sa.Table, campaign: int, now_s: float) -> sa.ColumnElement[bool]:
    return (
        (table.c.campaign == campaign)
        & (table.c.due_at_s <= now_s)
        & ((table.c.deliveries >= MAX_DELIVERIES) | (table.c.deaths >= MAX_DEATHS))
    )


def _count(
    connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool], most: int
) -> int:
    some = sa.select(table.c.number).where(where).limit(most).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _lock(
    connection: sa.Connection,
    table: sa.Table,
    where: sa.ColumnElement[bool],
    most: int,
    *,
    suspect: bool,
) -> Sequence[sa.Row[Any]]:
    """Return what comes first of what is due; SQLite leaves FOR UPDATE out.

    Of suspects those come first that fewer died with: what kills is not in the way of the others,
    and when a machine goes down again and again it is not always the same ones that are at hand.
    """
    order: list[Any] = [table.c.proof.desc(), table.c.number]
    if table is SENTENCES:
        order.insert(1, SENTENCES.c.cells.desc())
    if suspect:  # without it the index has them in their order
        order.insert(0, table.c.deliveries)
    query = sa.select(table).where(where).order_by(*order).limit(most)
    return connection.execute(query.with_for_update(skip_locked=True)).all()


def _lend(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[sa.Row[Any]],
    *,
    worker: str,
    until_s: float,
) -> list[sa.Row[Any]]:
    """Write the leases; returns the rows as they are now, in their order."""
    numbers = [row.number for row in rows]
    values: dict[str, Any] = {
        "state": _RUNNING[table],
        "attempt": table.c.attempt + 1,
        "deliveries": table.c.deliveries + 1,
        "due_at_s": until_s,
        "worker": worker,
    }
    if table is RENDERS:
        start = sa.func.coalesce(RENDERS.c.started_at_s, database_time(connection))
        values["started_at_s"] = start
    mine = (table.c.campaign == rows[0].campaign) & table.c.number.in_(numbers)
    update = sa.update(table).where(mine).values(**values).returning(table)
    lent = {row.number: row for row in connection.execute(update)}
    return [lent[number] for number in numbers]


def _note_share(connection: sa.Connection, campaign: int, size: int) -> None:
    more = SHARES.c.taken + size / SHARES.c.weight
    connection.execute(sa.update(SHARES).where(SHARES.c.campaign == campaign).values(taken=more))


def _claim(
    connection: sa.Connection, held: Held, table: sa.Table, rows: Sequence[sa.Row[Any]]
) -> Claim:
    if table is SENTENCES:
        return Claim(campaign=held.campaign, sentences=tuple(sentence_of(row) for row in rows))
    results = _results(connection, held.number, [row.number for row in rows])
    renders = (
        RenderWork(
            key=row.key,
            asset_id=row.asset_id,
            template=row.template,
            attempt=row.attempt,
            deliveries=row.deliveries,
            cells=row.cells,
            sentences=tuple(results[row.number]),
        )
        for row in rows
    )
    return Claim(campaign=held.campaign, renders=tuple(renders))


def _results(
    connection: sa.Connection, campaign: int, renders: Sequence[int]
) -> dict[int, list[SpokenResult]]:
    """Return the results of the sentences of each render, in their order."""
    query = (
        sa.select(PARTS.c.render, SENTENCES.c.number, SENTENCES.c.result)
        .join(
            SENTENCES,
            (SENTENCES.c.campaign == PARTS.c.campaign) & (SENTENCES.c.number == PARTS.c.sentence),
        )
        .where(PARTS.c.campaign == campaign, PARTS.c.render.in_(renders))
        .order_by(PARTS.c.render, PARTS.c.place)
    )
    found: dict[int, list[SpokenResult]] = defaultdict(list)
    parsed: dict[int, SpokenResult] = {}
    for row in connection.execute(query):
        if row.number not in parsed:
            parsed[row.number] = result_of(row.result)
        found[row.render].append(parsed[row.number])
    return found
