"""Cells with the renders and the sentences that they need, written batch by batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import batches, json_text, result_of
from voxgate.campaigns.records import (
    Fault,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    RenderState,
    SentenceState,
    SpokenResult,
)
from voxgate.errors import LedgerError
from voxgate.files import canonical_json

__all__ = ["RECALLED", "add_plan", "clear_plan", "mark_proof", "review_fault", "spoken_before"]

RECALLED = Fault(
    code="recalled",
    detail="exactly this was spoken before and called back; plan it with another voice or preset",
)


def review_fault(key: str) -> Fault:
    """Say of a file which sentence of it is to be heard."""
    return Fault(code="needs_review", detail=f"sentence {key} passed no check")


def clear_plan(connection: sa.Connection, held: Held) -> None:
    """Forget what was planned; see `CampaignStore.clear_plan`."""
    held.require_unstarted("plan it anew")
    for table in (CELLS, PARTS, RENDERS, SENTENCES):
        connection.execute(sa.delete(table).where(table.c.campaign == held.number))


def add_plan(
    connection: sa.Connection,
    held: Held,
    *,
    cells: Sequence[PlannedCell],
    renders: Sequence[PlannedRender],
    sentences: Sequence[PlannedSentence],
) -> None:
    """Add a batch of a plan; see `CampaignStore.add_plan`."""
    numbers = _add_sentences(connection, held, sentences)
    wanted = {key for render in renders for key in render.sentences} - numbers.keys()
    numbers |= _numbers(connection, SENTENCES, held.number, wanted)
    _require_all("sentence", wanted, numbers)
    places = _add_renders(connection, held, renders, numbers)
    others = {cell.render for cell in cells if cell.render is not None} - places.keys()
    places |= _numbers(connection, RENDERS, held.number, others)
    _require_all("render", others, places)
    _add_cells(connection, held, cells, places)


def mark_proof(connection: sa.Connection, held: Held, cells: Sequence[tuple[str, str]]) -> None:
    """Mark cells as the proof sample; see `CampaignStore.mark_proof`."""
    of = _recipients(connection, held.number, {recipient for recipient, _ in cells})
    renders: set[int] = set()
    for recipient, template in cells:
        mine = (
            (CELLS.c.campaign == held.number)
            & (CELLS.c.number == of[recipient])
            & (CELLS.c.template == template)
        )
        marked = sa.update(CELLS).where(mine).values(proof=1).returning(CELLS.c.render)
        row = connection.execute(marked).one_or_none()
        if row is None:
            raise LedgerError(
                f"a proof sample names {recipient[:80]!r}, {template!r}: no such cell"
            )
        renders |= {row.render} - {None}
    _mark_renders(connection, held.number, renders)


def spoken_before(connection: sa.Connection, keys: Iterable[str]) -> dict[str, SpokenResult]:
    """Return what was spoken and not recalled; see `CampaignStore.spoken_before`."""
    return {
        key: result_of(row.result)
        for key, row in _spoken(connection, keys).items()
        if row.recalled_at_s is None
    }


def _add_sentences(
    connection: sa.Connection, held: Held, sentences: Sequence[PlannedSentence]
) -> dict[str, int]:
    """Return the numbers of all that are given; what is new is added."""
    given = {sentence.key: sentence for sentence in sentences}
    numbers = _numbers(connection, SENTENCES, held.number, given)
    fresh = [sentence for key, sentence in given.items() if key not in numbers]
    if not fresh:
        return numbers
    held.require_unstarted("plan more sentences")
    spoken = _spoken(connection, [sentence.key for sentence in fresh])
    first = _last_number(connection, SENTENCES, held.number) + 1
    rows = [
        {
            "campaign": held.number,
            "number": number,
            "key": sentence.key,
            "place": sentence.place,
            "facts": canonical_json(sentence.facts),
            "cells": 0,
            "proof": 0,
            "attempt": 0,
            "deliveries": 0,
            **_found(spoken.get(sentence.key)),
        }
        for number, sentence in enumerate(fresh, start=first)
    ]
    connection.execute(sa.insert(SENTENCES), rows)
    return numbers | {row["key"]: row["number"] for row in rows}


def _found(row: sa.Row[Any] | None) -> dict[str, Any]:
    """Return where a sentence stands by what earlier campaigns did with it."""
    if row is None or (row.recalled_at_s is not None and row.repeatable):
        state, result, fault = SentenceState.WAITING, None, None
    elif row.recalled_at_s is not None:
        state, result, fault = SentenceState.FAILED, None, RECALLED
    else:
        passed = result_of(row.result).passed
        state = SentenceState.PASSED if passed else SentenceState.NEEDS_REVIEW
        result, fault = row.result, None
    return {
        "state": state.value,
        "found": int(result is not None),
        "due_at_s": 0.0 if state is SentenceState.WAITING else None,
        "result": result,
        "fault": json_text(fault),
    }


def _add_renders(
    connection: sa.Connection,
    held: Held,
    renders: Sequence[PlannedRender],
    sentences: Mapping[str, int],
) -> dict[str, int]:
    """Return the numbers of all that are given; what is new is added."""
    given = {render.key: render for render in renders}
    numbers = _numbers(connection, RENDERS, held.number, given)
    fresh = [render for key, render in given.items() if key not in numbers]
    if not fresh:
        return numbers
    held.require_unstarted("plan more files")
    needed = {sentences[key] for render in fresh for key in render.sentences}
    open_ones = _unpassed(connection, held.number, needed)
    first = _last_number(connection, RENDERS, held.number) + 1
    rows, parts = [], []
    for number, render in enumerate(fresh, start=first):
        mine = [sentences[key] for key in render.sentences]
        rows.append(
            {
                "campaign": held.number,
                "number": number,
                "key": render.key,
                "asset_id": render.asset_id,
                "template": render.template,
                "cells": 0,
                "pending": len(open_ones.keys() & set(mine)),
                "proof": 0,
                "attempt": 0,
                "deliveries": 0,
                "removed": 0,
                **_end_of([open_ones[one] for one in mine if one in open_ones]),
            }
        )
        parts += [
            {"campaign": held.number, "render": number, "place": place, "sentence": sentence}
            for place, sentence in enumerate(mine)
        ]
    connection.execute(sa.insert(RENDERS), rows)
    if parts:
        connection.execute(sa.insert(PARTS), parts)
    return numbers | {row["key"]: row["number"] for row in rows}


def _end_of(sentences: Sequence[sa.Row[Any]]) -> dict[str, Any]:
    """Return where a new render stands by those of its sentences that have not passed."""
    for row in sentences:
        if row.state == SentenceState.FAILED:
            return {"state": RenderState.FAILED.value, "due_at_s": None, "fault": row.fault}
    for row in sentences:
        if row.state == SentenceState.NEEDS_REVIEW:
            fault = json_text(review_fault(row.key))
            return {"state": RenderState.NEEDS_REVIEW.value, "due_at_s": None, "fault": fault}
    return {"state": RenderState.WAITING.value, "due_at_s": 0.0, "fault": None}


def _add_cells(
    connection: sa.Connection,
    held: Held,
    cells: Sequence[PlannedCell],
    renders: Mapping[str, int],
) -> None:
    recipients = _recipients(connection, held.number, {cell.recipient_id for cell in cells})
    given = {(recipients[cell.recipient_id], cell.template): cell for cell in cells}
    for some in batches(sorted({number for number, _ in given})):
        query = sa.select(CELLS.c.number, CELLS.c.template).where(
            CELLS.c.campaign == held.number, CELLS.c.number.in_(some)
        )
        for row in connection.execute(query):
            given.pop((row.number, row.template), None)
    if not given:
        return
    held.require_unstarted("plan more cells")
    rows = [
        {
            "campaign": held.number,
            "number": number,
            "template": template,
            "render": None if cell.render is None else renders[cell.render],
            "fault": json_text(cell.fault),
            "proof": int(cell.proof),
            "erased": 0,
        }
        for (number, template), cell in given.items()
    ]
    connection.execute(sa.insert(CELLS), rows)
    _count_cells(connection, held.number, rows)
    proof = {renders[c.render] for c in given.values() if c.proof and c.render is not None}
    _mark_renders(connection, held.number, proof)


def _count_cells(
    connection: sa.Connection, campaign: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let renders and sentences know how many cells wait for them."""
    renders = Counter(row["render"] for row in rows if row["render"] is not None)
    sentences: Counter[int] = Counter()
    for render, needed in _sentences_of(connection, campaign, renders).items():
        for sentence in needed:
            sentences[sentence] += renders[render]
    for table, counts in ((RENDERS, renders), (SENTENCES, sentences)):
        if counts:
            connection.execute(
                sa.update(table)
                .where(table.c.campaign == campaign, table.c.number == sa.bindparam("of"))
                .values(cells=table.c.cells + sa.bindparam("more")),
                [{"of": number, "more": more} for number, more in sorted(counts.items())],
            )


def _sentences_of(
    connection: sa.Connection, campaign: int, renders: Iterable[int]
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for some in batches(renders):
        query = sa.select(PARTS.c.render, PARTS.c.sentence).where(
            PARTS.c.campaign == campaign, PARTS.c.render.in_(some)
        )
        for row in connection.execute(query):
            found[row.render].add(row.sentence)
    return found


def _mark_renders(connection: sa.Connection, campaign: int, renders: Iterable[int]) -> None:
    for some in batches(renders):
        mine = (RENDERS.c.campaign == campaign) & RENDERS.c.number.in_(some)
        connection.execute(sa.update(RENDERS).where(mine).values(proof=1))
        needed = sa.select(PARTS.c.sentence).where(
            PARTS.c.campaign == campaign, PARTS.c.render.in_(some)
        )
        of_them = (SENTENCES.c.campaign == campaign) & SENTENCES.c.number.in_(needed)
        connection.execute(sa.update(SENTENCES).where(of_them).values(proof=1))


def _numbers(
    connection: sa.Connection, table: sa.Table, campaign: int, keys: Iterable[str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in batches(keys):
        query = sa.select(table.c.key, table.c.number).where(
            table.c.campaign == campaign, table.c.key.in_(some)
        )
        found.update((row.key, row.number) for row in connection.execute(query))
    return found


def _recipients(
    connection: sa.Connection, campaign: int, recipient_ids: Collection[str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in batches(recipient_ids):
        query = sa.select(RECIPIENTS.c.recipient_id, RECIPIENTS.c.number).where(
            RECIPIENTS.c.campaign == campaign, RECIPIENTS.c.recipient_id.in_(some)
        )
        found.update((row.recipient_id, row.number) for row in connection.execute(query))
    _require_all("recipient", recipient_ids, found)
    return found


def _unpassed(
    connection: sa.Connection, campaign: int, numbers: Iterable[int]
) -> dict[int, sa.Row[Any]]:
    columns = SENTENCES.c
    found: dict[int, sa.Row[Any]] = {}
    for some in batches(numbers):
        query = sa.select(columns.number, columns.key, columns.state, columns.fault).where(
            columns.campaign == campaign,
            columns.number.in_(some),
            columns.state != SentenceState.PASSED.value,
        )
        found.update((row.number, row) for row in connection.execute(query))
    return found


def _spoken(connection: sa.Connection, keys: Iterable[str]) -> dict[str, sa.Row[Any]]:
    found: dict[str, sa.Row[Any]] = {}
    for some in batches(keys):
        query = sa.select(SPOKEN).where(SPOKEN.c.key.in_(some), SPOKEN.c.scope == 0)
        found.update((row.key, row) for row in connection.execute(query))
    return found


def _last_number(connection: sa.Connection, table: sa.Table, campaign: int) -> int:
    query = sa.select(sa.func.max(table.c.number)).where(table.c.campaign == campaign)
    return int(connection.execute(query).scalar_one() or 0)


def _require_all(kind: str, wanted: Iterable[str], found: Mapping[str, int]) -> None:
    for name in sorted(set(wanted) - found.keys()):
        raise LedgerError(f"a plan names {kind} {name[:80]!r}, which was not added before it")
