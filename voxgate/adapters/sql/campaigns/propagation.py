"""What follows for renders from what became of their sentences: a few statements, however many.

`pending` of a render is the number of its distinct sentences that have not passed, whatever the
render's own state is.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import PARTS, RENDERS
from voxgate.adapters.sql.campaigns.planning import review_fault
from voxgate.adapters.sql.campaigns.rows import json_text
from voxgate.campaigns.records import Fault, RenderState

__all__ = ["fail_renders", "hold_renders", "pass_sentences", "renders_with"]

_OPEN = [RenderState.WAITING.value, RenderState.RUNNING.value, RenderState.NEEDS_REVIEW.value]


def renders_with(campaign: int, sentences: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition of renders that have one of these sentences."""
    having = sa.select(PARTS.c.render).where(
        PARTS.c.campaign == campaign, PARTS.c.sentence.in_(sentences)
    )
    return (RENDERS.c.campaign == campaign) & RENDERS.c.number.in_(having)


def pass_sentences(connection: sa.Connection, campaign: int, sentences: Collection[int]) -> None:
    """Let renders wait for these no more."""
    if not sentences:
        return
    done = (
        sa.select(sa.func.count(sa.distinct(PARTS.c.sentence)))
        .where(
            PARTS.c.campaign == campaign,
            PARTS.c.render == RENDERS.c.number,
            PARTS.c.sentence.in_(sentences),
        )
        .scalar_subquery()
    )
    update = sa.update(RENDERS).where(renders_with(campaign, sentences))
    connection.execute(update.values(pending=RENDERS.c.pending - done))


def hold_renders(
    connection: sa.Connection, campaign: int, sentence: int, key: str, *, now_s: float
) -> None:
    """Let renders wait for a person to hear a sentence."""
    mine = renders_with(campaign, [sentence]) & (RENDERS.c.state == RenderState.WAITING.value)
    connection.execute(
        sa.update(RENDERS)
        .where(mine)
        .values(
            state=RenderState.NEEDS_REVIEW.value,
            due_at_s=None,
            completed_at_s=now_s,
            fault=json_text(review_fault(key)),
        )
    )


def fail_renders(
    connection: sa.Connection, where: sa.ColumnElement[bool], fault: Fault, *, now_s: float
) -> None:
    """End renders that have no file yet; whoever works at one is not heard any more."""
    connection.execute(
        sa.update(RENDERS)
        .where(where, RENDERS.c.state.in_(_OPEN))
        .values(
            state=RenderState.FAILED.value,
            attempt=RENDERS.c.attempt + 1,
            due_at_s=None,
            completed_at_s=now_s,
            fault=json_text(fault),
        )
    )
