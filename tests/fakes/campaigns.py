"""Small campaigns on a real store, and workers that settle what they claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import open_database
from voxgate.campaigns.ports import (
    CampaignStore,
    Claim,
    Settled,
    SettledRender,
    SettledSentence,
)
from voxgate.campaigns.records import (
    Campaign,
    Pinned,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    Recipient,
    RenderOutput,
    RenderState,
    SentenceState,
    SentenceWork,
    SpokenResult,
)
from voxgate.campaigns.transitions import approve, end_part, plan, start
from voxgate.files import digest_json
from voxgate.settings import Settings

SPEC = {"campaign": "spring", "templates": {"reminder": {"text": "Hello {first_name}."}}}


def open_campaigns(folder: Path) -> SqlCampaignStore:
    """Open a store in a SQLite file of a test."""
    url = f"sqlite:///{folder / 'campaigns.db'}"
    return SqlCampaignStore(open_database(Settings(ledger_url=SecretStr(url)), folder))


def make_recipient(number: int, *, name: str = "", templates: Sequence[str] = ("reminder",)) -> Any:
    """Return row `number`, of recipient `r-NUMBER`."""
    values = {"first_name": {"kind": "name", "spoken": name or f"Anna{number}"}}
    return Recipient(
        number=number,
        recipient_id=f"r-{number}",
        templates=tuple(templates),
        values=values,
        digest=digest_json([values, *templates]),
    )


def make_pinned(**changes: Any) -> Pinned:
    """Return what a campaign speaks with."""
    values: dict[str, Any] = {
        "model": "voice-en",
        "version": 3,
        "voice_digest": "v" * 64,
        "profile": "anna@1",
        "reference_sha256": "f" * 64,
        "consent_scope": "evaluation",
        "consent_digest": "c" * 64,
        "preset": "telephone@2",
        "preset_digest": "p" * 64,
        "quality_digest": "q" * 64,
        "recipe_digest": "r" * 64,
        "code": "k" * 64,
    }
    return Pinned(**{**values, **changes})


def make_result(key: str, **changes: Any) -> SpokenResult:
    """Return how a sentence was spoken."""
    values: dict[str, Any] = {
        "seed": 7,
        "tries": 1,
        "asset_id": f"asset-{key}",
        "pcm_sha256": digest_json(key),
        "duration_s": 1.5,
        "sample_rate_hz": 24_000,
        "quality": {"words": 0},
        "passed": True,
        "machine": "amd64",
        "cpu_ms": 60.0,
    }
    return SpokenResult(**{**values, **changes})


def make_output(key: str, **changes: Any) -> RenderOutput:
    """Return what was stored as a render."""
    values: dict[str, Any] = {
        "media_type": "audio/mpeg",
        "format": "mp3",
        "bytes": 72_000,
        "sha256": digest_json(["file", key]),
        "pcm_sha256": digest_json(["pcm", key]),
        "duration_s": 9.5,
        "sample_rate_hz": 24_000,
        "seeds": (7, 7),
        "tries": 2,
        "quality": {"words": 0},
        "machine": "amd64",
        "cpu_ms": 54.0,
        "worker": "w-1",
    }
    return RenderOutput(**{**values, **changes})


def fill(
    store: CampaignStore,
    campaign_id: str,
    names: Iterable[str],
    *,
    proof: int = 0,
    prefix: str = "",
    weight: float = 1.0,
    pinned: Pinned | None = None,
) -> Campaign:
    """Plan a campaign: a greeting by name and a sentence for all; cells of one name share a file.

    Keys are `PREFIXhello-NAME`, `PREFIXvisit` and `PREFIXfile-NAME`; the first `proof` cells are
    the proof sample.
    """
    store.create(campaign_id, {**SPEC, "campaign": campaign_id}, owner="anna", weight=weight)
    said = list(names)
    rows = [make_recipient(number, name=name) for number, name in enumerate(said, start=1)]
    store.add_rows(campaign_id, "list-1", rows)
    store.end_upload(campaign_id, "list-1", rows=len(rows), owner="anna")
    store.add_plan(
        campaign_id,
        sentences=[
            PlannedSentence(key=f"{prefix}visit", place=1, facts={"text": "Come."}),
            *(
                PlannedSentence(key=f"{prefix}hello-{name}", place=0, facts={"text": name})
                for name in dict.fromkeys(said)
            ),
        ],
        renders=[
            PlannedRender(
                key=f"{prefix}file-{name}",
                asset_id=f"{prefix}asset-file-{name}",
                template="reminder",
                sentences=(f"{prefix}hello-{name}", f"{prefix}visit"),
            )
            for name in dict.fromkeys(said)
        ],
        cells=[
            PlannedCell(
                recipient_id=row.recipient_id,
                template="reminder",
                render=f"{prefix}file-{name}",
                proof=row.number <= proof,
            )
            for row, name in zip(rows, said, strict=True)
        ],
    )
    pins = pinned or make_pinned()
    return store.change(campaign_id, partial(plan, pinned=pins, facts={}, actor="anna"))


def begin(store: CampaignStore, campaign_id: str) -> Campaign:
    """Start a campaign and approve whatever its proof sample is."""
    store.change(campaign_id, partial(start, actor="anna"))
    store.change(campaign_id, partial(end_part, actor="worker"))
    return store.change(campaign_id, partial(approve, actor="anna", reason="heard"))


def take(store: CampaignStore, **options: Any) -> Claim:
    """Claim what must be there."""
    claim = store.claim(worker="w-1", **{"lease_s": 60.0, **options})
    assert claim is not None
    return claim


def speak(
    store: CampaignStore,
    claim: Claim,
    result: Callable[[SentenceWork], SpokenResult] | None = None,
) -> Settled:
    """Settle a claim: every sentence with its result, every render as stored."""
    if claim.renders:
        return store.settle_renders(
            claim.campaign.id,
            [
                SettledRender(
                    key=work.key,
                    attempt=work.attempt,
                    state=RenderState.STORED,
                    output=make_output(work.key),
                )
                for work in claim.renders
            ],
        )
    settled = []
    for work in claim.sentences:
        spoken = make_result(work.key) if result is None else result(work)
        state = SentenceState.PASSED if spoken.passed else SentenceState.NEEDS_REVIEW
        settled.append(
            SettledSentence(key=work.key, attempt=work.attempt, state=state, result=spoken)
        )
    return store.settle_sentences(claim.campaign.id, settled)


def run(store: CampaignStore, campaign_id: str, **options: Any) -> int:
    """Do all that is due of a campaign; returns how many claims it took."""
    claims = 0
    while claim := store.claim(worker="w-1", lease_s=60.0, campaign_id=campaign_id, **options):
        speak(store, claim)
        claims += 1
    return claims
