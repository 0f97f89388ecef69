"""A recipient is forgotten: values, and every sound that only its cells had.

What others share stays. A sentence that is gone may be spoken again when somebody else needs it:
to erase one Anna must not silence the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import (
    CELLS,
    PARTS,
    RECIPIENTS,
    RENDERS,
    ROWS,
    SENTENCES,
    SPOKEN,
)
from voxgate.adapters.sql.campaigns import register
from voxgate.adapters.sql.campaigns.propagation import fail_renders
from voxgate.adapters.sql.campaigns.recalls import recall_spoken
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import batches, json_text
from voxgate.adapters.sql.leases import database_time
from voxgate.campaigns.events import Draft, Kind
from voxgate.campaigns.ports import Affected
from voxgate.campaigns.records import Fault, RenderState, SentenceState

__all__ = ["erase"]

_ERASED = Fault(code="erased", detail="the only recipient that needed it was erased")


def erase(
    connection: sa.Connection,
    recipient_id: str,
    campaign_id: str | None,
    *,
    actor: str,
    reason: str,
) -> tuple[Affected, list[Draft]]:
    """Forget a recipient; see `CampaignStore.erase_recipient`. Returns the events too."""
    every = (
        register.every(connection, locked=True)
        if campaign_id is None
        else [register.lock(connection, campaign_id)]
    )
    total, drafts = Affected(), []
    for held in every:
        found = _erase_of(connection, held, recipient_id, reason=reason)
        if found is None:
            continue
        total = _sum(total, found)
        facts = {
            "cells": found.cells,
            "renders": found.renders,
            "sentences": found.sentences,
            "files": found.files,
        }
        drafts.append(
            Draft(
                kind=Kind.ERASED,
                campaign=held.campaign.id,
                actor=actor,
                reason=reason,
                facts=facts,
            )
        )
    return total, drafts


def _erase_of(
    connection: sa.Connection, held: Held, recipient_id: str, *, reason: str
) -> Affected | None:
    """Forget a recipient of one campaign; None where there is nothing to forget."""
    now_s = database_time(connection)
    rejected = _forget_rejections(connection, held.number, recipient_id)
    mine = (
        (RECIPIENTS.c.campaign == held.number)
        & (RECIPIENTS.c.recipient_id == recipient_id)
        & RECIPIENTS.c.slots.is_not(None)
    )
    forget = sa.update(RECIPIENTS).where(mine).values(slots=None, digest="")
    row = connection.execute(forget.returning(RECIPIENTS.c.number)).one_or_none()
    if row is None:
        return Affected(campaigns=(held.campaign.id,)) if rejected else None
    cells = (CELLS.c.campaign == held.number) & (CELLS.c.number == row.number)
    erased = sa.update(CELLS).where(cells).values(erased=1, fault=None).returning(CELLS.c.render)
    of_cells = list(connection.execute(erased).scalars())
    renders = [number for number in of_cells if number is not None]
    sentences = _release(connection, held.number, renders)
    gone = _end_renders(connection, held.number, renders, reason=reason, now_s=now_s)
    keys = _end_sentences(connection, held.number, sentences)
    alone = _only_here(connection, held.number, keys)
    for some in batches(alone):
        own = SPOKEN.c.key.in_(some) & SPOKEN.c.scope.in_([0, held.number])
        recall_spoken(connection, own, reason=reason, now_s=now_s, repeatable=True)
        # What was heard in it is said by its check.
        connection.execute(sa.update(SPOKEN).where(own).values(result="{}"))
    return Affected(
        campaigns=(held.campaign.id,),
        cells=len(of_cells),
        renders=gone,
        sentences=len(alone),
        files=gone + len(alone),
    )


def _forget_rejections(connection: sa.Connection, campaign: int, recipient_id: str) -> bool:
    """Why a row was rejected may quote it."""
    mine = (
        (ROWS.c.campaign == campaign)
        & ROWS.c.ordinal.is_not(None)
        & (ROWS.c.recipient_id == recipient_id)
    )
    fault = json_text(Fault(code="erased", detail=""))
    changed = connection.execute(sa.update(ROWS).where(mine).values(recipient_id=None, fault=fault))
    return bool(changed.rowcount)


def _release(connection: sa.Connection, campaign: int, renders: Sequence[int]) -> list[int]:
    """Let renders and sentences be needed by one cell less; returns the sentences."""
    needed: set[int] = set()
    for render in renders:
        parts = sa.select(sa.distinct(PARTS.c.sentence)).where(
            PARTS.c.campaign == campaign, PARTS.c.render == render
        )
        sentences = list(connection.execute(parts).scalars())
        needed |= set(sentences)
        for table, numbers in ((RENDERS, [render]), (SENTENCES, sentences)):
            these = (table.c.campaign == campaign) & table.c.number.in_(numbers)
            connection.execute(sa.update(table).where(these).values(cells=table.c.cells - 1))
    return sorted(needed)


def _end_renders(
    connection: sa.Connection, campaign: int, renders: Sequence[int], *, reason: str, now_s: float
) -> int:
    """Call back files that no cell has any more, and begin none; returns how many were stored."""
    unneeded = (
        (RENDERS.c.campaign == campaign) & RENDERS.c.number.in_(renders) & (RENDERS.c.cells == 0)
    )
    files = [RenderState.STORED.value, RenderState.RUNNING.value]
    recalled = connection.execute(
        sa.update(RENDERS)
        .where(unneeded, RENDERS.c.state.in_(files))
        .values(
            state=RenderState.RECALLED.value,
            due_at_s=None,
            recalled_at_s=now_s,
            recall_reason=reason,
            output=None,
            removed=0,
        )
    )
    fail_renders(connection, unneeded, _ERASED, now_s=now_s)
    return recalled.rowcount


def _end_sentences(connection: sa.Connection, campaign: int, sentences: Sequence[int]) -> list[str]:
    """Forget what sentences say that no cell needs any more; returns their keys."""
    unneeded = (
        (SENTENCES.c.campaign == campaign)
        & SENTENCES.c.number.in_(sentences)
        & (SENTENCES.c.cells == 0)
    )
    forget = (
        sa.update(SENTENCES)
        .where(unneeded)
        .values(
            state=SentenceState.FAILED.value,
            attempt=SENTENCES.c.attempt + 1,
            due_at_s=None,
            facts="{}",
            result=None,
            fault=json_text(_ERASED),
        )
    )
    return list(connection.execute(forget.returning(SENTENCES.c.key)).scalars())


def _only_here(connection: sa.Connection, campaign: int, keys: Sequence[str]) -> list[str]:
    """Return those that were spoken and that no other campaign needs."""
    alone: list[str] = []
    for some in batches(keys):
        elsewhere = sa.select(SENTENCES.c.key).where(
            SENTENCES.c.key == SPOKEN.c.key,
            SENTENCES.c.campaign != campaign,
            SENTENCES.c.cells > 0,
        )
        query = sa.select(sa.distinct(SPOKEN.c.key)).where(
            SPOKEN.c.key.in_(some),
            SPOKEN.c.scope.in_([0, campaign]),
            SPOKEN.c.recalled_at_s.is_(None),
            ~elsewhere.exists(),
        )
        alone += connection.execute(query).scalars()
    return alone


def _sum(one: Affected, other: Affected) -> Affected:
    return Affected(
        campaigns=(*one.campaigns, *other.campaigns),
        cells=one.cells + other.cells,
        renders=one.renders + other.renders,
        sentences=one.sentences + other.sentences,
        files=one.files + other.files,
    )
