"""The rows of uploads: recipients, what was known already, and what was rejected."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.campaign_schema import RECIPIENTS, ROWS, UPLOADS
from voxgate.adapters.sql.campaigns.register import Held
from voxgate.adapters.sql.campaigns.rows import batches, fault_of, json_text
from voxgate.campaigns.records import CampaignState, Fault, Recipient, Rejection, Upload
from voxgate.errors import CampaignStateError
from voxgate.files import canonical_json

__all__ = ["add_rows", "end_upload", "list_recipients", "list_rejections", "read_upload"]

_ACCEPTED, _KNOWN, _REJECTED = "accepted", "known", "rejected"


def read_upload(connection: sa.Connection, number: int, name: str) -> Upload | None:
    """Return an upload; see `CampaignStore.upload`."""
    mine = (UPLOADS.c.campaign == number) & (UPLOADS.c.name == name)
    row = connection.execute(sa.select(UPLOADS).where(mine)).one_or_none()
    return None if row is None else _upload(row)


def add_rows(
    connection: sa.Connection, held: Held, name: str, rows: Sequence[Recipient | Rejection]
) -> Upload:
    """Add rows of an upload; see `CampaignStore.add_rows`."""
    fresh = _without_stored(connection, held.number, name, rows)
    known = _digests(connection, held.number, [r for r in fresh if isinstance(r, Recipient)])
    recipients: list[Recipient] = []
    written: list[dict[str, Any]] = []
    for row in fresh:
        outcome, fault = _outcome(row, known)
        if isinstance(row, Recipient) and outcome == _ACCEPTED:
            known[row.recipient_id] = row.digest
            recipients.append(row)
        written.append(
            {
                "campaign": held.number,
                "upload": name,
                "number": row.number,
                "outcome": outcome,
                "ordinal": None,
                "recipient_id": row.recipient_id if outcome == _REJECTED else None,
                "fault": json_text(fault),
            }
        )
    if any(row["outcome"] != _KNOWN for row in written):
        _require_draft(held)
    _number(connection, held.number, written)
    if written:
        connection.execute(sa.insert(ROWS), written)
    _insert_recipients(connection, held.number, recipients)
    return _count(connection, held.number, name, Counter(row["outcome"] for row in written))


def end_upload(
    connection: sa.Connection, held: Held, name: str, *, rows: int
) -> tuple[Upload, bool]:
    """Note the end of an upload; False where it was noted before.

    Raises:
        CampaignStateError: other than `rows` rows are there.
    """
    upload = _count(connection, held.number, name, Counter())
    if upload.complete:
        return upload, False
    if upload.rows != rows:
        raise CampaignStateError(
            f"campaign {held.campaign.id}: upload {name[:12]} has {upload.rows} rows here, and "
            f"{rows} were read: send it again from its first row"
        )
    mine = (UPLOADS.c.campaign == held.number) & (UPLOADS.c.name == name)
    connection.execute(sa.update(UPLOADS).where(mine).values(complete=1))
    return replace(upload, complete=True), True


def list_recipients(
    connection: sa.Connection, number: int, *, after: int, limit: int
) -> list[Recipient]:
    """Return accepted rows; see `CampaignStore.recipients`. An erased one has no values."""
    query = (
        sa.select(RECIPIENTS)
        .where(RECIPIENTS.c.campaign == number, RECIPIENTS.c.number > after)
        .order_by(RECIPIENTS.c.number)
        .limit(limit)
    )
    return [
        Recipient(
            number=row.number,
            recipient_id=row.recipient_id,
            templates=tuple(json.loads(row.templates)),
            values={} if row.slots is None else json.loads(row.slots),
            digest=row.digest,
        )
        for row in connection.execute(query)
    ]


def list_rejections(
    connection: sa.Connection, number: int, *, after: int, limit: int
) -> list[tuple[str, Rejection]]:
    """Return rejected rows; see `CampaignStore.rejections`."""
    query = (
        sa.select(ROWS)
        .where(ROWS.c.campaign == number, ROWS.c.ordinal > after)
        .order_by(ROWS.c.ordinal)
        .limit(limit)
    )
    return [
        (row.upload, Rejection(number=row.number, recipient_id=row.recipient_id, fault=fault))
        for row in connection.execute(query)
        if (fault := fault_of(row.fault)) is not None
    ]


def _without_stored(
    connection: sa.Connection, number: int, name: str, rows: Sequence[Recipient | Rejection]
) -> list[Recipient | Rejection]:
    once = {row.number: row for row in rows}
    for some in batches(list(once)):
        query = sa.select(ROWS.c.number).where(
            ROWS.c.campaign == number, ROWS.c.upload == name, ROWS.c.number.in_(some)
        )
        for stored in connection.execute(query).scalars():
            del once[stored]
    return [once[place] for place in sorted(once)]


def _digests(connection: sa.Connection, number: int, rows: Sequence[Recipient]) -> dict[str, str]:
    """Return the digests of those that are recipients already."""
    found: dict[str, str] = {}
    for some in batches({row.recipient_id for row in rows}):
        query = sa.select(RECIPIENTS.c.recipient_id, RECIPIENTS.c.digest).where(
            RECIPIENTS.c.campaign == number, RECIPIENTS.c.recipient_id.in_(some)
        )
        found.update((row.recipient_id, row.digest) for row in connection.execute(query))
    return found


def _outcome(row: Recipient | Rejection, known: dict[str, str]) -> tuple[str, Fault | None]:
    if isinstance(row, Rejection):
        return _REJECTED, row.fault
    digest = known.get(row.recipient_id)
    if digest is None:
        return _ACCEPTED, None
    if digest == row.digest:
        return _KNOWN, None
    detail = "this recipient is there already, with other values or templates"
    return _REJECTED, Fault(code="recipient_changed", detail=detail)


def _require_draft(held: Held) -> None:
    if held.campaign.state is not CampaignState.DRAFT:
        raise CampaignStateError(
            f"campaign {held.campaign.id} takes no recipients while it is {held.campaign.state}: "
            "make a new campaign for those that are missing"
        )


def _count(connection: sa.Connection, number: int, name: str, more: Counter[str]) -> Upload:
    """Add to what an upload came to; begins it where it was not."""
    mine = (UPLOADS.c.campaign == number) & (UPLOADS.c.name == name)
    if connection.execute(sa.select(UPLOADS.c.name).where(mine)).first() is None:
        zero = dict.fromkeys((_ACCEPTED, _KNOWN, _REJECTED, "complete"), 0)
        connection.execute(sa.insert(UPLOADS).values(campaign=number, name=name, **zero))
    sums = {outcome: UPLOADS.c[outcome] + count for outcome, count in more.items()}
    if sums:
        connection.execute(sa.update(UPLOADS).where(mine).values(**sums))
    return _upload(connection.execute(sa.select(UPLOADS).where(mine)).one())


def _upload(row: sa.Row[Any]) -> Upload:
    return Upload(
        name=row.name,
        rows=row.accepted + row.known + row.rejected,
        accepted=row.accepted,
        known=row.known,
        rejected=row.rejected,
        complete=bool(row.complete),
    )


def _number(connection: sa.Connection, number: int, written: Sequence[dict[str, Any]]) -> None:
    """Give rejected rows their ordinals."""
    rejected = [row for row in written if row["outcome"] == _REJECTED]
    query = sa.select(sa.func.max(ROWS.c.ordinal)).where(ROWS.c.campaign == number)
    last = connection.execute(query).scalar_one() if rejected else None
    for ordinal, row in enumerate(rejected, start=(last or 0) + 1):
        row["ordinal"] = ordinal


def _insert_recipients(
    connection: sa.Connection, number: int, recipients: Sequence[Recipient]
) -> None:
    if not recipients:
        return
    query = sa.select(sa.func.max(RECIPIENTS.c.number)).where(RECIPIENTS.c.campaign == number)
    first = (connection.execute(query).scalar_one() or 0) + 1
    connection.execute(
        sa.insert(RECIPIENTS),
        [
            {
                "campaign": number,
                "number": place,
                "recipient_id": row.recipient_id,
                "digest": row.digest,
                "templates": canonical_json(list(row.templates)),
                "template_count": len(row.templates),
                "slots": canonical_json(row.values),
            }
            for place, row in enumerate(recipients, start=first)
        ],
    )
