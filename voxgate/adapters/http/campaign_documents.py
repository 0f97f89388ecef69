"""Campaigns as callers see them: JSON values, times in whole seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from voxgate.adapters.http.problems import problem_of
from voxgate.campaigns.records import Campaign, Cell, Fault, RenderOutput
from voxgate.campaigns.service import (
    DryRun,
    PutCampaign,
    ShownCampaign,
    ShownCell,
    ShownSentence,
    TakenList,
)
from voxgate.errors import SpeechRequestError

__all__ = [
    "FAULTS",
    "describe_campaign",
    "describe_cell",
    "describe_dry_run",
    "describe_made",
    "describe_sentence",
    "describe_state",
    "describe_upload",
    "page_of",
]

_FIRST_OF_OURS = 500

FAULTS: Mapping[str, str] = {
    "empty": "there is no sound",
    "silent": "it is silent",
    "too_long": "it is much too long",
    "too_short": "it is much too short",
    "stopped_by_limit": "the voice did not come to an end",
    "nothing_heard": "no word was heard",
    "endless": "what was heard did not end",
    "wrong_value": "a date, a time, a number or an amount was heard as another",
    "word_missing": "a word is missing",
    "word_added": "a word was added",
    "frame_word": "a word of the template was heard as another",
    "frame": "the words of the template were heard otherwise",
    "slot": "a value was heard otherwise",
    "divergent_run": "a run of sounds was heard otherwise",
    "repeated": "something is said twice",
    "other_speaker": "it sounds like somebody else",
    "too_slow": "it is slow",
    "too_fast": "it is fast",
    "pause": "there is a long pause",
    "noisy": "there is noise",
    "cut_off": "its end is cut off",
    "clipped": "it is distorted",
    "late": "it begins late",
    "lingers": "it ends late",
    "quiet": "it is quiet",
    "loud": "it is loud",
}
"""What a fault of the check is for a person who hears the sentence."""


def describe_state(campaign: Campaign) -> dict[str, Any]:
    """Return what a list tells of a campaign."""
    return {
        "id": campaign.id,
        "object": "campaign",
        "status": campaign.state.value,
        "why": campaign.why,
        "created_at": int(campaign.created_at_s),
        "planned_at": _whole(campaign.planned_at_s),
        "started_at": _whole(campaign.started_at_s),
        "completed_at": _whole(campaign.completed_at_s),
    }


def describe_made(made: PutCampaign) -> dict[str, Any]:
    """Return a campaign that was put, with what is doubtful about its templates."""
    return {**describe_state(made.campaign), "advice": [dict(one) for one in made.advice]}


def describe_campaign(shown: ShownCampaign) -> dict[str, Any]:
    """Return how a campaign stands. Counts of states that nothing is in are left out."""
    campaign, counts = shown.campaign, shown.counts
    return {
        **describe_state(campaign),
        "file": dict(campaign.spec),
        "pinned": None if campaign.pinned is None else asdict(campaign.pinned),
        "rows": {
            "uploaded": counts.rows,
            "recipients": counts.recipients,
            "rejected": counts.rejected,
            "known": counts.known,
        },
        "items": {state.value: count for state, count in counts.cells.items()},
        "sentences": {state.value: count for state, count in counts.sentences.items()},
        "files": {state.value: count for state, count in counts.renders.items()},
        "found": counts.found,
        "proof_open": counts.proof_open,
    }


def describe_upload(taken: TakenList) -> dict[str, Any]:
    """Return what became of a list, with its first rejected rows."""
    upload = taken.upload
    return {
        "object": "campaign.upload",
        "sha256": upload.name,
        "rows": upload.rows,
        "accepted": upload.accepted,
        "known": upload.known,
        "rejected": upload.rejected,
        "first_rejected": [
            {"row": row.number, "recipient_id": row.recipient_id, "error": _fault(row.fault)}
            for row in taken.rejected
        ],
        "warnings": [dict(one) for one in taken.warnings],
    }


def describe_dry_run(run: DryRun) -> dict[str, Any]:
    """Return a dry run; faults of ours keep their words here."""
    return {
        "object": "campaign.dry_run",
        "campaign": run.campaign,
        "status": run.status.value,
        "plan": None if run.plan is None else dict(run.plan),
        "error": None if run.error is None else _error(run.error),
    }


def describe_cell(shown: ShownCell, here: str) -> dict[str, Any]:
    """Return a cell; `here` stands before an address that has no name of a server."""
    cell = shown.cell
    return {
        "id": cell_id(cell),
        "object": "campaign.item",
        "recipient_id": cell.recipient_id,
        "template": cell.template,
        "status": cell.state.value,
        "proof": cell.proof,
        "text": shown.text,
        "shared_with": cell.shared_with,
        "attempt": cell.attempt,
        "started_at": _whole(cell.started_at_s),
        "completed_at": _whole(cell.completed_at_s),
        "recalled_at": _whole(cell.recalled_at_s),
        "recall_reason": cell.recall_reason,
        "error": None if cell.fault is None else _fault(cell.fault),
        "output": None if cell.output is None else _output(cell.output, _whole_url(shown, here)),
    }


def describe_sentence(shown: ShownSentence, here: str) -> dict[str, Any]:
    """Return a sentence with its best try and what is wrong with it, in words too."""
    work, result = shown.work, shown.result
    document: dict[str, Any] = {
        "key": work.key,
        "object": "campaign.sentence",
        "status": shown.state.value,
        "text": work.facts["text"],
        "items": work.cells,
        "error": None if shown.fault is None else _fault(shown.fault),
        "output": None,
        "faults": [],
    }
    if result is not None:
        document["output"] = {
            "url": _whole_url(shown, here),
            "media_type": "audio/flac",
            "duration_s": round(result.duration_s, 3),
            "sample_rate": result.sample_rate_hz,
            "seed": result.seed,
            "tries": result.tries,
            "fallback": result.fallback,
        }
        document["faults"] = [
            {"code": code, "text": FAULTS.get(code, code)}
            for code in result.quality.get("faults", ())
        ]
    return document


def cell_id(cell: Cell) -> str:
    """Return what names a cell in a list, for `after`."""
    return f"{cell.number}.{cell.template}"


def page_of(documents: Sequence[Mapping[str, Any]], *, limit: int, name: str) -> dict[str, Any]:
    """Return a page of a list, of which one more than `limit` was looked for."""
    shown = [dict(one) for one in documents[:limit]]
    return {
        "object": "list",
        "data": shown,
        "has_more": len(documents) > limit,
        "last_id": shown[-1][name] if shown else None,
    }


def _output(output: RenderOutput, url: str | None) -> dict[str, Any]:
    return {
        "url": url,
        "media_type": output.media_type,
        "bytes": output.bytes,
        "sha256": output.sha256,
        "pcm_sha256": output.pcm_sha256,
        "duration_s": round(output.duration_s, 3),
        "sample_rate": output.sample_rate_hz,
        "tries": output.tries,
    }


def _whole_url(shown: ShownCell | ShownSentence, here: str) -> str | None:
    if shown.url is None or not shown.url.startswith("/"):
        return shown.url
    return f"{here}{shown.url}"


def _fault(fault: Fault) -> dict[str, str]:
    return {"code": fault.code, "message": fault.detail}


def _error(error: Exception) -> dict[str, str]:
    problem = problem_of(error)
    code = error.code if isinstance(error, SpeechRequestError) else problem.code
    message = problem.title if problem.status >= _FIRST_OF_OURS else str(error)
    return {"code": code, "message": message}


def _whole(time_s: float | None) -> int | None:
    return None if time_s is None else int(time_s)
