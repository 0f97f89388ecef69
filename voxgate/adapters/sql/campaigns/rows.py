"""Rows of campaigns as records, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from voxgate.campaigns.records import (
    Campaign,
    CampaignState,
    Fault,
    Pinned,
    RenderOutput,
    SentenceWork,
    SpokenResult,
)
from voxgate.files import canonical_json

__all__ = [
    "batches",
    "campaign_of",
    "campaign_row",
    "fault_of",
    "json_text",
    "output_of",
    "result_of",
    "sentence_of",
]

VALUES_A_QUERY = 500
"""Databases bound how many values a query may have."""

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = VALUES_A_QUERY) -> Iterator[list[Item]]:
    """Yield what there is in lists that a query may name."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def json_text(record: Fault | Pinned | RenderOutput | SpokenResult | None) -> str | None:
    """Return a record as the text of a column; None stays None."""
    return None if record is None else canonical_json(asdict(record))


def campaign_row(campaign: Campaign) -> dict[str, Any]:
    """Return the columns of a campaign but for its number."""
    return {
        "id": campaign.id,
        "spec": canonical_json(campaign.spec),
        "spec_digest": campaign.spec_digest,
        "state": campaign.state.value,
        "owner": campaign.owner,
        "why": campaign.why,
        "pinned": json_text(campaign.pinned),
        "created_at_s": campaign.created_at_s,
        "planned_at_s": campaign.planned_at_s,
        "started_at_s": campaign.started_at_s,
        "completed_at_s": campaign.completed_at_s,
    }


def campaign_of(row: sa.Row[Any]) -> Campaign:
    """Return the campaign of a row."""
    return Campaign(
        id=row.id,
        spec=json.loads(row.spec),
        spec_digest=row.spec_digest,
        state=CampaignState(row.state),
        owner=row.owner,
        why=row.why,
        pinned=None if row.pinned is None else Pinned(**json.loads(row.pinned)),
        created_at_s=row.created_at_s,
        planned_at_s=row.planned_at_s,
        started_at_s=row.started_at_s,
        completed_at_s=row.completed_at_s,
    )


def fault_of(text: str | None) -> Fault | None:
    """Return the fault of a column."""
    return None if text is None else Fault(**json.loads(text))


def result_of(text: str) -> SpokenResult:
    """Return the result of a column."""
    return SpokenResult(**json.loads(text))


def output_of(text: str | None) -> RenderOutput | None:
    """Return the output of a column."""
    if text is None:
        return None
    values = json.loads(text)
    seeds: Sequence[int] = tuple(values["seeds"])
    return RenderOutput(**{**values, "seeds": seeds})


def sentence_of(row: sa.Row[Any]) -> SentenceWork:
    """Return a sentence as a worker gets it."""
    return SentenceWork(
        key=row.key,
        place=row.place,
        facts=json.loads(row.facts),
        attempt=row.attempt,
        deliveries=row.deliveries,
        cells=row.cells,
    )
