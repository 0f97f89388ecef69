"""The report of a campaign as one document of JSON values: sums, reasons, quality, events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from voxgate.campaigns.events import Event
from voxgate.campaigns.output.rows import time_text
from voxgate.campaigns.output.survey import Survey
from voxgate.campaigns.output.tally import Tally
from voxgate.campaigns.records import Campaign, CampaignState, CellState, Counts
from voxgate.campaigns.spec import CampaignSpec
from voxgate.printable import printable

__all__ = ["Findings", "build_report"]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a report is made of; `digest` is of the output tables, `now` when they were written."""

    campaign: Campaign
    spec: CampaignSpec
    counts: Counts
    tally: Tally
    survey: Survey
    events: Sequence[Event]
    digest: str
    now: datetime


def build_report(found: Findings) -> dict[str, Any]:
    """Return the report; every text in it is printable, on one line."""
    campaign, tally, counts = found.campaign, found.tally, found.counts
    document = {
        "schema": 1,
        "campaign": campaign.id,
        "state": campaign.state.value,
        "why": campaign.why,
        "purpose": str(found.spec.purpose),
        "owner": campaign.owner,
        "spec_digest": campaign.spec_digest,
        "written_at": time_text(found.now.timestamp()),
        "created_at": time_text(campaign.created_at_s),
        "planned_at": time_text(campaign.planned_at_s),
        "started_at": time_text(campaign.started_at_s),
        "completed_at": time_text(campaign.completed_at_s),
        "table_digest": found.digest,
        "address_days": found.spec.address_days,
        "rows": {
            "uploaded": counts.rows,
            "recipients": tally.recipients,
            "rejected": tally.rejected.counts.total(),
            "known": counts.known,
        },
        "cells": {state.value: tally.states[state] for state in CellState if tally.states[state]},
        "cells_total": tally.cells,
        "rejected": tally.rejected.as_json(),
        "failed": tally.failed.as_json(),
        "reuse": _reuse(found),
        "durations": tally.durations(),
        "quality": _quality(found.survey),
        "review": found.survey.review,
        "worst": found.survey.worst,
        "work": _work(found),
        "pinned": None if campaign.pinned is None else asdict(campaign.pinned),
        "events": [_event(event) for event in found.events],
    }
    shown: dict[str, Any] = printable(document)
    return shown


def _reuse(found: Findings) -> dict[str, Any]:
    """Say how often a sentence and a file are used; 0 where there is none."""
    survey, counts = found.survey, found.counts
    renders = sum(counts.renders.values())
    with_file = sum(found.counts.cells.values()) - counts.cells.get(CellState.ACCEPTED, 0)
    return {
        "sentences": survey.distinct,
        "sentences_found": counts.found,
        "sentence_uses": survey.uses,
        "uses_a_sentence": round(survey.uses / max(1, survey.distinct), 2),
        "files": renders,
        "file_states": {state.value: count for state, count in counts.renders.items()},
        "cells_a_file": round(with_file / renders, 2) if renders else 0.0,
        "file_bytes": round(found.tally.file_bytes),
    }


def _quality(survey: Survey) -> dict[str, Any]:
    return {
        "states": dict(survey.states),
        "tries": {str(tries): survey.tries[tries] for tries in sorted(survey.tries)},
        "rerolled": survey.rerolled,
        "fallbacks": survey.fallbacks,
        "accepted_by_person": survey.accepted,
        "faults": dict(survey.faults.most_common()),
        "figures": survey.figures(),
    }


def _work(found: Findings) -> dict[str, Any]:
    """Say what it took: processor time of what was kept, and the clock's from start to end.

    `unshared_core_s` is what the same cells take if nothing is shared, by the times measured here.
    """
    campaign, tally = found.campaign, found.tally
    core_s = (found.survey.cpu_ms + tally.file_cpu_ms) / 1000.0
    unshared_s = (found.survey.unshared_cpu_ms + tally.unshared_file_cpu_ms) / 1000.0
    wall_s = None
    if campaign.started_at_s is not None:
        ended_s = campaign.completed_at_s
        if ended_s is None or campaign.state is CampaignState.RUNNING:
            ended_s = found.now.timestamp()
        wall_s = max(0.0, ended_s - campaign.started_at_s)
    stored = tally.states[CellState.STORED]
    return {
        "core_hours": round(core_s / 3600.0, 6),
        "sentence_core_s": round(found.survey.cpu_ms / 1000.0, 3),
        "file_core_s": round(tally.file_cpu_ms / 1000.0, 3),
        "unshared_core_s": round(unshared_s, 3),
        "wall_s": None if wall_s is None else round(wall_s, 3),
        "cells_an_hour": round(3600.0 * stored / wall_s, 1) if wall_s else None,
        "audio_s_a_core_s": round(tally.durations()["total_s"] / core_s, 1) if core_s else None,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "at": event.at.isoformat(timespec="seconds"),
        "kind": event.kind.value,
        "actor": event.actor,
        "reason": event.reason,
        "facts": dict(event.facts),
        "digest": event.digest,
    }
