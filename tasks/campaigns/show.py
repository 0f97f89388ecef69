"""How a campaign stands, in values that a person or a program reads."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from tasks.campaigns.desk import CampaignDesk
from voxgate.campaigns.records import Campaign, SentenceState

__all__ = ["show"]

_SHOWN = 20


def show(desk: CampaignDesk, campaign: Campaign) -> dict[str, Any]:
    """Return how a campaign stands, with the first sentences that wait for a person."""
    counts = desk.store.counts(campaign.id)
    review = desk.store.sentences(campaign.id, state=SentenceState.NEEDS_REVIEW, limit=_SHOWN)
    return {
        "campaign": campaign.id,
        "state": campaign.state.value,
        "why": campaign.why,
        "pinned": None if campaign.pinned is None else asdict(campaign.pinned),
        "created_at": _time(campaign.created_at_s),
        "planned_at": _time(campaign.planned_at_s),
        "started_at": _time(campaign.started_at_s),
        "completed_at": _time(campaign.completed_at_s),
        "rows": {
            "uploaded": counts.rows,
            "recipients": counts.recipients,
            "rejected": counts.rejected,
            "known": counts.known,
        },
        "cells": {str(state): count for state, count in counts.cells.items()},
        "sentences": {str(state): count for state, count in counts.sentences.items()},
        "files": {str(state): count for state, count in counts.renders.items()},
        "found": counts.found,
        "review": [
            {
                "sentence": work.key,
                "text": work.facts["text"],
                "cells": work.cells,
                "faults": [] if result is None else list(result.quality["faults"]),
                "asset_id": None if result is None else result.asset_id,
            }
            for work, result, _ in review
        ],
    }


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
