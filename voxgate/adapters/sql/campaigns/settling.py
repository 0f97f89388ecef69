"""What workers tell of their work, if it is still theirs to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from voxgate.adapters.sql.campaign_schema import RENDERS, SENTENCES, SPOKEN
from voxgate.adapters.sql.campaigns.claims import waiting_again
from voxgate.adapters.sql.campaigns.planning import RECALLED
from voxgate.adapters.sql.campaigns.propagation import (
    fail_renders,
    hold_renders,
    pass_sentences,
    renders_with,
)
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import batches, json_text, result_of
from voxgate.adapters.sql.leases import database_time
from voxgate.campaigns.ports import Deviation, Settled, SettledRender, SettledSentence
from voxgate.campaigns.records import (
    CampaignState,
    Fault,
    RenderState,
    SentenceState,
    SpokenResult,
)

__all__ = ["recent_results", "settle_renders", "settle_sentences"]

_SPOKEN_STATES = (SentenceState.PASSED, SentenceState.NEEDS_REVIEW)


def settle_sentences(
    connection: sa.Connection, held: Held, settled: Sequence[SettledSentence]
) -> Settled:
    """Write what became of sentences; see `CampaignStore.settle_sentences`."""
    now_s = database_time(connection)
    rows = _rows(connection, SENTENCES, held.number, [item.key for item in settled])
    lost: list[str] = []
    deviations: list[Deviation] = []
    passed: list[int] = []
    # By key, so that two campaigns that settle the same sentences never wait for each other.
    for item in sorted(settled, key=lambda item: item.key):
        row = rows.get(item.key)
        if row is None or not _is_heard(held, row, item.attempt, SentenceState.RUNNING.value):
            lost.append(item.key)
            _remove_later(connection, held, item)
            continue
        if item.state is SentenceState.WAITING:
            _hand_back(connection, SENTENCES, row)
            continue
        ended, deviation = _ended(connection, held, item)
        deviations += [deviation] if deviation is not None else []
        values = {**ended, "due_at_s": None, "spoken_at_s": now_s}
        connection.execute(sa.update(SENTENCES).where(_is(SENTENCES, row)).values(**values))
        if ended["state"] == SentenceState.PASSED:
            passed.append(row.number)
        elif ended["state"] == SentenceState.NEEDS_REVIEW:
            hold_renders(connection, held.number, row.number, item.key, now_s=now_s)
        else:
            fault = RECALLED if item.fault is None else item.fault
            where = renders_with(held.number, [row.number])
            fail_renders(connection, where, fault, now_s=now_s)
    pass_sentences(connection, held.number, passed)
    return Settled(lost=tuple(lost), deviations=tuple(deviations))


def settle_renders(
    connection: sa.Connection, held: Held, settled: Sequence[SettledRender]
) -> Settled:
    """Write what became of renders; see `CampaignStore.settle_renders`."""
    now_s = database_time(connection)
    rows = _rows(connection, RENDERS, held.number, [item.key for item in settled])
    lost: list[str] = []
    for item in settled:
        row = rows.get(item.key)
        if row is None or not _is_heard(held, row, item.attempt, RenderState.RUNNING.value):
            lost.append(item.key)
            if row is not None and item.output is not None and row.recalled_at_s is not None:
                # Its file may have been written after it was called back and removed.
                connection.execute(sa.update(RENDERS).where(_is(RENDERS, row)).values(removed=0))
            continue
        if item.state is RenderState.WAITING:
            _hand_back(connection, RENDERS, row)
            continue
        _require_end(item.key, item.state, item.output, item.fault)
        connection.execute(
            sa.update(RENDERS)
            .where(_is(RENDERS, row))
            .values(
                state=item.state.value,
                due_at_s=None,
                completed_at_s=now_s,
                output=json_text(item.output),
                fault=json_text(item.fault),
            )
        )
    return Settled(lost=tuple(lost))


def recent_results(connection: sa.Connection, campaign: int, *, limit: int) -> list[SpokenResult]:
    """Return the results of the last ones; see `CampaignStore.recent_results`."""
    query = (
        sa.select(SENTENCES.c.result)
        .where(
            SENTENCES.c.campaign == campaign,
            SENTENCES.c.spoken_at_s.is_not(None),
            SENTENCES.c.result.is_not(None),
        )
        .order_by(SENTENCES.c.spoken_at_s.desc(), SENTENCES.c.number.desc())
        .limit(limit)
    )
    newest_first = connection.execute(query).scalars().all()
    return [result_of(result) for result in reversed(newest_first)]


def _rows(
    connection: sa.Connection, table: sa.Table, campaign: int, keys: Sequence[str]
) -> dict[str, sa.Row[Any]]:
    found: dict[str, sa.Row[Any]] = {}
    for some in batches(keys):
        query = sa.select(table).where(table.c.campaign == campaign, table.c.key.in_(some))
        found.update((row.key, row) for row in connection.execute(query))
    return found


def _is_heard(held: Held, row: sa.Row[Any], attempt: int, running: str) -> bool:
    """Tell whether a worker's word counts: a lease that ran out does while nobody else came."""
    recalled = held.campaign.state is CampaignState.RECALLED
    return not recalled and row.state == running and row.attempt == attempt


def _is(table: sa.Table, row: sa.Row[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.campaign == row.campaign, table.c.number == row.number)


def _hand_back(connection: sa.Connection, table: sa.Table, row: sa.Row[Any]) -> None:
    connection.execute(sa.update(table).where(_is(table, row)).values(**waiting_again(table)))


def _ended(
    connection: sa.Connection, held: Held, item: SettledSentence
) -> tuple[Mapping[str, Any], Deviation | None]:
    """Return the columns of a sentence that came to its end."""
    if item.state not in {*_SPOKEN_STATES, SentenceState.FAILED}:
        raise ValueError(f"sentence {item.key}: {item.state} is no end")
    if item.state is SentenceState.FAILED:
        if item.fault is None:
            raise ValueError(f"sentence {item.key}: failed, and no fault says why")
        return {"state": item.state.value, "fault": json_text(item.fault)}, None
    if item.result is None:
        raise ValueError(f"sentence {item.key}: {item.state} without a result")
    kept = _keep(connection, held, item.key, item.result)
    if kept is None:
        return {"state": SentenceState.FAILED.value, "fault": json_text(RECALLED)}, None
    deviation = None
    if kept.machine == item.result.machine and kept.pcm_sha256 != item.result.pcm_sha256:
        deviation = Deviation(key=item.key, before=kept.pcm_sha256, now=item.result.pcm_sha256)
    state = item.state
    if kept != item.result:
        state = SentenceState.PASSED if kept.passed else SentenceState.NEEDS_REVIEW
    return {"state": state.value, "result": json_text(kept), "fault": None}, deviation


def _keep(
    connection: sa.Connection, held: Held, key: str, result: SpokenResult
) -> SpokenResult | None:
    """Keep what was spoken, or return what was kept before; None where nobody may speak it."""
    scope = held.number if result.fallback else 0
    values = {
        "campaign": held.number,
        "asset_id": result.asset_id,
        "result": json_text(result),
        "recalled_at_s": None,
        "recall_reason": None,
        "repeatable": 0,
        "removed": 0,
    }
    inserts: dict[str, Callable[[sa.Table], Any]] = {
        "sqlite": sqlite.insert, "postgresql": postgresql.insert
    }  # fmt: skip
    insert = inserts[connection.dialect.name](SPOKEN).values(key=key, scope=scope, **values)
    new = insert.on_conflict_do_nothing().returning(SPOKEN.c.key)
    if connection.execute(new).first() is not None:
        return result
    mine = (SPOKEN.c.key == key) & (SPOKEN.c.scope == scope)
    row = connection.execute(sa.select(SPOKEN).where(mine).with_for_update()).one()
    if row.recalled_at_s is None:
        return result_of(row.result)
    if row.repeatable:
        connection.execute(sa.update(SPOKEN).where(mine).values(**values))
        return result
    connection.execute(sa.update(SPOKEN).where(mine).values(removed=0))
    return None


def _remove_later(connection: sa.Connection, held: Held, item: SettledSentence) -> None:
    """Let the file of what was called back meanwhile be removed; a fresh one is listed for it."""
    if item.result is None or held.campaign.state is not CampaignState.RECALLED:
        return
    mine = (SPOKEN.c.key == item.key) & (SPOKEN.c.asset_id == item.result.asset_id)
    recalled = mine & SPOKEN.c.recalled_at_s.is_not(None)
    if connection.execute(sa.update(SPOKEN).where(recalled).values(removed=0)).rowcount:
        return
    if connection.execute(sa.select(SPOKEN.c.key).where(SPOKEN.c.key == item.key)).first() is None:
        connection.execute(
            sa.insert(SPOKEN).values(
                key=item.key,
                scope=held.number if item.result.fallback else 0,
                campaign=held.number,
                asset_id=item.result.asset_id,
                result=json_text(item.result),
                recalled_at_s=database_time(connection),
                recall_reason=held.campaign.why,
                repeatable=1,
                removed=0,
            )
        )


def _require_end(key: str, state: RenderState, output: object | None, fault: Fault | None) -> None:
    if state is RenderState.STORED and output is not None and fault is None:
        return
    if state is RenderState.FAILED and fault is not None:
        return
    raise ValueError(f"render {key}: expected stored with its output, or failed with a fault")
