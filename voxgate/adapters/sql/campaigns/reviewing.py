"""A person heard what no check passed, and lets it pass."""

from __future__ import annotations

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import PARTS, RENDERS, SENTENCES
from voxgate.adapters.sql.campaigns import register
from voxgate.adapters.sql.campaigns.propagation import pass_sentences, renders_with
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.campaigns.events import Draft, Kind
from voxgate.campaigns.records import (
    ENDED,
    CampaignState,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.transitions import reopen
from voxgate.errors import CampaignStateError

__all__ = ["accept"]


def accept(connection: sa.Connection, held: Held, key: str, *, actor: str, reason: str) -> Draft:
    """Let a sentence pass, with the renders that waited for it alone; returns the event.

    Raises:
        CampaignStateError: it does not need review, or the campaign speaks no more.
    """
    if held.campaign.state in ENDED - {CampaignState.FINISHED}:
        raise CampaignStateError(
            f"campaign {held.campaign.id} is {held.campaign.state}: nothing is made for it any more"
        )
    mine = (SENTENCES.c.campaign == held.number) & (SENTENCES.c.key == key)
    row = connection.execute(sa.select(SENTENCES).where(mine)).one_or_none()
    if row is None or row.state != SentenceState.NEEDS_REVIEW:
        found = "not there" if row is None else row.state
        raise CampaignStateError(
            f"campaign {held.campaign.id}: sentence {key[:80]!r} is {found}, not needs_review; "
            "`voxgate campaign status` lists those that are"
        )
    connection.execute(sa.update(SENTENCES).where(mine).values(state=SentenceState.PASSED.value))
    pass_sentences(connection, held.number, [row.number])
    freed = connection.execute(
        sa.update(RENDERS)
        .where(
            renders_with(held.number, [row.number]),
            RENDERS.c.state == RenderState.NEEDS_REVIEW.value,
            RENDERS.c.number.not_in(_held_by_others(held.number)),
        )
        .values(state=RenderState.WAITING.value, due_at_s=0.0, completed_at_s=None, fault=None)
    )
    if freed.rowcount and (row.proof or held.campaign.state is CampaignState.FINISHED):
        register.change(connection, held.campaign.id, reopen)
    facts = {"sentence": key, "cells": row.cells}
    return Draft(
        kind=Kind.REVIEWED, campaign=held.campaign.id, actor=actor, reason=reason, facts=facts
    )


def _held_by_others(campaign: int) -> sa.Select[tuple[int]]:
    """Return the renders with a sentence that still needs review."""
    held = sa.select(SENTENCES.c.number).where(
        SENTENCES.c.campaign == campaign, SENTENCES.c.state == SentenceState.NEEDS_REVIEW.value
    )
    return sa.select(PARTS.c.render).where(PARTS.c.campaign == campaign, PARTS.c.sentence.in_(held))
