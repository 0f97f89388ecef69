"""What is told of a campaign: its counts, its cells, its sentences."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import CELLS, RECIPIENTS, RENDERS, ROWS, SENTENCES
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import fault_of, output_of, result_of, sentence_of
from voxgate.campaigns.records import (
    CampaignState,
    Cell,
    CellState,
    Counts,
    Fault,
    RenderState,
    SentenceState,
    SentenceWork,
    SpokenResult,
)

__all__ = ["list_cells", "list_sentences", "read_counts"]

_JOINED = sa.outerjoin(
    CELLS,
    RENDERS,
    (RENDERS.c.campaign == CELLS.c.campaign) & (RENDERS.c.number == CELLS.c.render),
)
_STOPPED_FOR_GOOD = {
    CampaignState.CANCELLED: CellState.CANCELLED,
    CampaignState.RECALLED: CellState.CANCELLED,
    CampaignState.EXPIRED: CellState.EXPIRED,
}


def read_counts(connection: sa.Connection, held: Held) -> Counts:
    """Count everything of a campaign; see `CampaignStore.counts`."""
    number = held.number
    rows = _grouped(connection, ROWS, ROWS.c.outcome, number)
    asked = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(RECIPIENTS.c.template_count), 0)
    ).where(RECIPIENTS.c.campaign == number)
    recipients, wanted = connection.execute(asked).one()
    cells = _count_cells(connection, held)
    unplanned = int(wanted) - sum(cells.values())
    if unplanned > 0:
        cells[CellState.ACCEPTED] = unplanned
    sentences = _grouped(connection, SENTENCES, SENTENCES.c.state, number)
    renders = _grouped(connection, RENDERS, RENDERS.c.state, number)
    return Counts(
        rows=sum(rows.values()),
        recipients=recipients,
        rejected=rows.get("rejected", 0),
        known=rows.get("known", 0),
        cells=cells,
        sentences={SentenceState(state): count for state, count in sentences.items()},
        renders={RenderState(state): count for state, count in renders.items()},
        found=_count(connection, SENTENCES, number, SENTENCES.c.found == 1),
        proof_open=_count(
            connection, RENDERS, number, (RENDERS.c.proof == 1) & RENDERS.c.due_at_s.is_not(None)
        ),
    )


def list_cells(
    connection: sa.Connection,
    held: Held,
    *,
    after: tuple[int, str],
    limit: int,
    state: CellState | None,
    proof: bool = False,
) -> list[Cell]:
    """Return a page of cells; see `CampaignStore.cells`."""
    told = _state(held.campaign.state)
    query = (
        sa.select(
            CELLS,
            RECIPIENTS.c.recipient_id,
            RECIPIENTS.c.slots,
            told.label("told"),
            RENDERS.c.key.label("render_key"),
            RENDERS.c.fault.label("render_fault"),
            *(RENDERS.c[name] for name in _OF_RENDER),
        )
        .select_from(
            _JOINED.join(
                RECIPIENTS,
                (RECIPIENTS.c.campaign == CELLS.c.campaign)
                & (RECIPIENTS.c.number == CELLS.c.number),
            )
        )
        .where(
            CELLS.c.campaign == held.number,
            sa.tuple_(CELLS.c.number, CELLS.c.template)
            > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])),
        )
        .order_by(CELLS.c.number, CELLS.c.template)
        .limit(limit)
    )
    if state is not None:
        query = query.where(told == state.value)
    if proof:
        query = query.where(CELLS.c.proof == 1)
    return [_cell(row) for row in connection.execute(query)]


def list_sentences(
    connection: sa.Connection,
    number: int,
    *,
    state: SentenceState | None,
    after: str,
    limit: int,
) -> list[tuple[SentenceWork, SpokenResult | None, Fault | None]]:
    """Return sentences by key; see `CampaignStore.sentences`."""
    query = (
        sa.select(SENTENCES)
        .where(SENTENCES.c.campaign == number, SENTENCES.c.key > after)
        .order_by(SENTENCES.c.key)
        .limit(limit)
    )
    if state is not None:
        query = query.where(SENTENCES.c.state == state.value)
    return [
        (
            sentence_of(row),
            None if row.result is None else result_of(row.result),
            fault_of(row.fault),
        )
        for row in connection.execute(query)
    ]


_OF_RENDER = (
    "asset_id",
    "output",
    "cells",
    "attempt",
    "started_at_s",
    "completed_at_s",
    "recalled_at_s",
    "recall_reason",
)


def _state(campaign: CampaignState) -> sa.Case[str]:
    """Return how a cell is told: its own end, else that of its render.

    Where a campaign ended before its time, what was not made will not be.
    """
    unmade = [RenderState.WAITING, RenderState.RUNNING, RenderState.NEEDS_REVIEW]
    told = {
        RenderState.WAITING: CellState.QUEUED,
        RenderState.RUNNING: CellState.RENDERING,
        RenderState.STORED: CellState.STORED,
        RenderState.NEEDS_REVIEW: CellState.NEEDS_REVIEW,
        RenderState.FAILED: CellState.FAILED,
        RenderState.RECALLED: CellState.RECALLED,
    }
    if campaign in _STOPPED_FOR_GOOD:
        told |= dict.fromkeys(unmade, _STOPPED_FOR_GOOD[campaign])
    return sa.case(
        (CELLS.c.erased == 1, CellState.ERASED.value),
        (CELLS.c.render.is_(None), CellState.FAILED.value),
        *((RENDERS.c.state == state.value, cell.value) for state, cell in told.items()),
    )


def _count_cells(connection: sa.Connection, held: Held) -> dict[CellState, int]:
    told = _state(held.campaign.state)
    query = (
        sa.select(told, sa.func.count())
        .select_from(_JOINED)
        .where(CELLS.c.campaign == held.number)
        .group_by(told)
    )
    return {CellState(state): count for state, count in connection.execute(query)}


def _grouped(
    connection: sa.Connection, table: sa.Table, column: sa.Column[Any], number: int
) -> dict[str, int]:
    query = sa.select(column, sa.func.count()).where(table.c.campaign == number).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}


def _count(
    connection: sa.Connection, table: sa.Table, number: int, where: sa.ColumnElement[bool]
) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.c.campaign == number, where)
    return int(connection.execute(query).scalar_one())


def _cell(row: sa.Row[Any]) -> Cell:
    state = CellState(row.told)
    erased = state is CellState.ERASED
    return Cell(
        number=row.number,
        recipient_id=row.recipient_id,
        template=row.template,
        state=state,
        values=None if row.slots is None else json.loads(row.slots),
        proof=bool(row.proof),
        render=row.render_key,
        asset_id=row.asset_id,
        fault=fault_of(row.fault or row.render_fault),
        output=None if erased else output_of(row.output),
        shared_with=row.cells or 0,
        attempt=row.attempt or 0,
        started_at_s=row.started_at_s,
        completed_at_s=row.completed_at_s,
        recalled_at_s=row.recalled_at_s,
        recall_reason=row.recall_reason,
    )
