"""What was delivered is called back: by what it was spoken with, by campaign, or by one file.

A sentence that is called back takes with it every file that it is part of, whoever had that made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import (
    CELLS,
    PARTS,
    RECIPIENTS,
    RENDERS,
    SENTENCES,
    SPOKEN,
)
from voxgate.adapters.sql.campaigns import register
from voxgate.adapters.sql.campaigns.planning import RECALLED
from voxgate.adapters.sql.campaigns.propagation import fail_renders, renders_with
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import batches, json_text
from voxgate.adapters.sql.leases import database_time
from voxgate.campaigns import transitions
from voxgate.campaigns.events import Draft, Kind
from voxgate.campaigns.ports import Affected, NamedCell, Selector
from voxgate.campaigns.records import CampaignState, Pinned, RenderState, SentenceState

__all__ = [
    "affected",
    "is_recalled",
    "named_cells",
    "note_removed",
    "recall",
    "recall_spoken",
    "recalled_files",
]


@dataclass(frozen=True, kw_only=True)
class _Named:
    """What a selector names: campaigns as a whole, and conditions of sentences and renders."""

    whole: Sequence[Held]
    spoken: sa.ColumnElement[bool]
    renders: sa.ColumnElement[bool]
    repeatable: bool


def affected(connection: sa.Connection, selector: Selector) -> Affected:
    """Count what a selector names; see `CampaignStore.affected`."""
    every = register.every(connection)
    return _total(_tally(connection, _named(every, selector), every))


def recall(
    connection: sa.Connection, selector: Selector, *, actor: str, reason: str
) -> tuple[Affected, list[Draft]]:
    """Call back what a selector names; see `CampaignStore.recall`. Returns the events too."""
    now_s = database_time(connection)
    every = register.every(connection, locked=True)
    named = _named(every, selector)
    tally = _tally(connection, named, every)
    drafts = []
    for campaign, counted in tally.items():
        facts = {"selector": selector.given, **_facts(counted)}
        draft = Draft(
            kind=Kind.RECALLED, campaign=campaign, actor=actor, reason=reason, facts=facts
        )
        if any(held.campaign.id == campaign for held in named.whole):
            take_back = partial(transitions.recall, reason=reason, facts=facts, actor=actor)
            _, told = register.change(connection, campaign, take_back)
            draft = told or draft
        drafts.append(draft)
    # Renders first: which they are rests on sentences that nobody called back yet.
    _recall_renders(connection, named.renders, reason=reason, now_s=now_s)
    whole = [held.number for held in named.whole]
    _withdraw(connection, whole)
    recall_spoken(
        connection,
        named.spoken,
        reason=reason,
        now_s=now_s,
        repeatable=named.repeatable,
        ended=whole,
    )
    return _total(tally), drafts


def recall_spoken(
    connection: sa.Connection,
    where: sa.ColumnElement[bool],
    *,
    reason: str,
    now_s: float,
    repeatable: bool,
    ended: Collection[int] = (),
) -> None:
    """Call back sentences; a campaign that has one of them and no file of it yet gets none.

    Campaigns that `ended` make nothing anyway, and stay as they are.
    """
    recalled = connection.execute(
        sa.update(SPOKEN)
        .where(where, SPOKEN.c.recalled_at_s.is_(None))
        .values(recalled_at_s=now_s, recall_reason=reason, repeatable=int(repeatable), removed=0)
        .returning(SPOKEN.c.key, SPOKEN.c.scope)
    ).all()
    for scope in sorted({row.scope for row in recalled}):
        concerned = SENTENCES.c.campaign.not_in(ended)
        if scope:
            concerned &= SENTENCES.c.campaign == scope
        for keys in batches(sorted(row.key for row in recalled if row.scope == scope)):
            _fail_sentences(connection, concerned & SENTENCES.c.key.in_(keys), now_s=now_s)


def named_cells(
    connection: sa.Connection, selector: Selector, *, after: tuple[int, int, str], limit: int
) -> tuple[list[NamedCell], tuple[int, int, str]]:
    """Return cells after (campaign, recipient, template), and the last one's; see `CampaignStore`.

    Sentences that were called back are looked at too, or a second look would find no file of them.
    """
    every = register.every(connection)
    ids = {held.number: held.campaign.id for held in every}
    place = (CELLS.c.campaign, CELLS.c.number, CELLS.c.template)
    query = (
        sa.select(*place, RECIPIENTS.c.recipient_id, RENDERS.c.asset_id)
        .join(
            RENDERS,
            (RENDERS.c.campaign == CELLS.c.campaign) & (RENDERS.c.number == CELLS.c.render),
        )
        .join(
            RECIPIENTS,
            (RECIPIENTS.c.campaign == CELLS.c.campaign) & (RECIPIENTS.c.number == CELLS.c.number),
        )
        .where(
            _named(every, selector, and_recalled=True).renders,
            RENDERS.c.state.in_([RenderState.STORED.value, RenderState.RECALLED.value]),
            sa.tuple_(*place) > sa.tuple_(*map(sa.literal, after)),
        )
        .order_by(*place)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    found = [
        NamedCell(
            campaign=ids[row.campaign],
            recipient_id=row.recipient_id,
            template=row.template,
            asset_id=row.asset_id,
        )
        for row in rows
    ]
    last = rows[-1] if rows else None
    return found, after if last is None else (last.campaign, last.number, last.template)


def is_recalled(connection: sa.Connection, asset_id: str) -> bool:
    """Tell whether a file was called back and nothing that stands has it too."""
    states = sa.select(RENDERS.c.state).where(RENDERS.c.asset_id == asset_id)
    renders = set(connection.execute(states).scalars())
    recalled = sa.select(SPOKEN.c.recalled_at_s).where(SPOKEN.c.asset_id == asset_id)
    spoken = set(connection.execute(recalled).scalars())
    stands = None in spoken or not renders.isdisjoint(_FILES)
    return not stands and (bool(spoken) or RenderState.RECALLED.value in renders)


def recalled_files(connection: sa.Connection, *, limit: int) -> list[str]:
    """Return files that are to be removed, and that nothing which stands has too."""
    found: list[str] = []
    used = sa.select(RENDERS.c.asset_id).where(RENDERS.c.state.in_(_FILES))
    kept = sa.select(SPOKEN.c.asset_id).where(SPOKEN.c.recalled_at_s.is_(None))
    for table, others in ((RENDERS, used), (SPOKEN, kept)):
        query = (
            sa.select(table.c.asset_id)
            .where(
                table.c.recalled_at_s.is_not(None),
                table.c.removed == 0,
                table.c.asset_id.not_in(others),
            )
            .distinct()
            .order_by(table.c.asset_id)
            .limit(limit - len(found))
        )
        found += connection.execute(query).scalars()
    return found


def note_removed(connection: sa.Connection, asset_ids: Sequence[str]) -> None:
    """Note that files are removed; see `CampaignStore.note_removed`."""
    for some in batches(sorted(set(asset_ids))):
        for table in (RENDERS, SPOKEN):
            gone = table.c.asset_id.in_(some) & table.c.recalled_at_s.is_not(None)
            connection.execute(sa.update(table).where(gone, table.c.removed == 0).values(removed=1))


_SPOKEN_STATES = [SentenceState.PASSED.value, SentenceState.NEEDS_REVIEW.value]
_WAITING = {SENTENCES: SentenceState.WAITING.value, RENDERS: RenderState.WAITING.value}
_FILES = [RenderState.STORED.value, RenderState.RUNNING.value]


def _named(every: Sequence[Held], selector: Selector, *, and_recalled: bool = False) -> _Named:
    wanted = {k: v for k, v in selector.given.items() if k != "asset"}
    matching = [held for held in every if _matches(held, wanted)]
    numbers = [held.number for held in matching]
    spoken: list[sa.ColumnElement[bool]] = [
        sa.true() if and_recalled else SPOKEN.c.recalled_at_s.is_(None)
    ]
    own: list[sa.ColumnElement[bool]] = []
    if selector.asset is not None:
        spoken.append(SPOKEN.c.asset_id == selector.asset)
        own.append(RENDERS.c.asset_id == selector.asset)
    if wanted:
        spoken.append(SPOKEN.c.campaign.in_(numbers))
        own.append(RENDERS.c.campaign.in_(numbers))
    by_name_alone = wanted.keys() == {"campaign"} and selector.asset is None
    if by_name_alone:
        spoken.append(~_is_shared())
    sentences = sa.and_(*spoken)
    return _Named(
        whole=() if selector.asset is not None else matching,
        spoken=sentences,
        renders=sa.and_(*own) | _contains(sentences),
        repeatable=by_name_alone,
    )


def _is_shared() -> sa.ColumnElement[bool]:
    """Return the condition of sentences that not only the campaign needs that spoke them."""
    needed = SENTENCES.alias()
    others = sa.select(needed.c.key).where(
        needed.c.key == SPOKEN.c.key, needed.c.campaign != SPOKEN.c.campaign
    )
    return others.exists()


def _contains(spoken: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition of renders that have one of these sentences in them."""
    having = (
        sa.select(PARTS.c.campaign, PARTS.c.render)
        .join(
            SENTENCES,
            (SENTENCES.c.campaign == PARTS.c.campaign) & (SENTENCES.c.number == PARTS.c.sentence),
        )
        .join(SPOKEN, SPOKEN.c.key == SENTENCES.c.key)
        .where(spoken, SPOKEN.c.scope.in_([0, SENTENCES.c.campaign]))
    )
    return sa.tuple_(RENDERS.c.campaign, RENDERS.c.number).in_(having)


def _matches(held: Held, wanted: dict[str, Any]) -> bool:
    if wanted.get("campaign", held.campaign.id) != held.campaign.id:
        return False
    rest = {name: value for name, value in wanted.items() if name != "campaign"}
    pinned = held.campaign.pinned
    return not rest or (
        pinned is not None and all(_has(pinned, name, value) for name, value in rest.items())
    )


def _has(pinned: Pinned, name: str, value: Any) -> bool:
    if name == "profile":
        profile = pinned.profile or ""
        return profile == value or ("@" not in value and profile.partition("@")[0] == value)
    return bool(getattr(pinned, {"consent": "consent_digest"}.get(name, name)) == value)


def _tally(connection: sa.Connection, named: _Named, every: Sequence[Held]) -> dict[str, Affected]:
    """Count by campaign what is not recalled yet."""
    ids = {held.number: held.campaign.id for held in every}
    found = {
        held.campaign.id: Affected(campaigns=(held.campaign.id,))
        for held in named.whole
        if held.campaign.state is not CampaignState.RECALLED
    }
    renders = sa.select(
        RENDERS.c.campaign,
        sa.func.count(),
        sa.func.sum(RENDERS.c.cells),
        sa.func.count(sa.distinct(RENDERS.c.asset_id)),
    ).where(named.renders, RENDERS.c.state == RenderState.STORED.value)
    for number, count, cells, files in connection.execute(renders.group_by(RENDERS.c.campaign)):
        counted = Affected(campaigns=(ids[number],), cells=int(cells), renders=count, files=files)
        found[ids[number]] = counted
    spoken = sa.select(
        SPOKEN.c.campaign, sa.func.count(), sa.func.count(sa.distinct(SPOKEN.c.asset_id))
    ).where(named.spoken)
    for number, count, files in connection.execute(spoken.group_by(SPOKEN.c.campaign)):
        campaign = ids[number]
        counted = found.get(campaign, Affected(campaigns=(campaign,)))
        found[campaign] = replace(counted, sentences=count, files=counted.files + files)
    return found


def _total(tally: dict[str, Affected]) -> Affected:
    return Affected(
        campaigns=tuple(sorted(tally)),
        cells=sum(one.cells for one in tally.values()),
        renders=sum(one.renders for one in tally.values()),
        sentences=sum(one.sentences for one in tally.values()),
        files=sum(one.files for one in tally.values()),
    )


def _facts(counted: Affected) -> dict[str, int]:
    return {name: count for name, count in asdict(counted).items() if name != "campaigns"}


def _fail_sentences(
    connection: sa.Connection, where: sa.ColumnElement[bool], *, now_s: float
) -> None:
    update = (
        sa.update(SENTENCES)
        .where(where, SENTENCES.c.state.in_(_SPOKEN_STATES))
        .values(
            state=SentenceState.FAILED.value,
            due_at_s=None,
            result=None,
            fault=json_text(RECALLED),
        )
    )
    failed: dict[int, list[int]] = {}
    told = update.returning(SENTENCES.c.campaign, SENTENCES.c.number)
    for row in connection.execute(told):
        failed.setdefault(row.campaign, []).append(row.number)
    for campaign, numbers in sorted(failed.items()):
        fail_renders(connection, renders_with(campaign, numbers), RECALLED, now_s=now_s)


def _recall_renders(
    connection: sa.Connection, where: sa.ColumnElement[bool], *, reason: str, now_s: float
) -> None:
    """Call back files, and those that somebody may be writing: they are removed as well."""
    connection.execute(
        sa.update(RENDERS)
        .where(where, RENDERS.c.state.in_(_FILES))
        .values(
            state=RenderState.RECALLED.value,
            due_at_s=None,
            recalled_at_s=now_s,
            recall_reason=reason,
            removed=0,
        )
    )


def _withdraw(connection: sa.Connection, campaigns: Sequence[int]) -> None:
    """Hear nobody any more who works for these."""
    for table in (SENTENCES, RENDERS):
        open_ones = table.c.campaign.in_(campaigns) & table.c.due_at_s.is_not(None)
        connection.execute(
            sa.update(table)
            .where(open_ones)
            .values(state=_WAITING[table], attempt=table.c.attempt + 1, due_at_s=None)
        )
