"""A campaign that has come to all kinds of ends, with the files of its sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.fakes.campaigns import begin, make_output, make_pinned, make_result, open_campaigns
from tests.fakes.speech_jobs import RATE_HZ, SIGNER, tone
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.storage.folder import FolderAssets
from voxgate.audio.encoding import encode_file
from voxgate.campaigns.output.writing import OutputWriter
from voxgate.campaigns.ports import CampaignStore, Claim, SettledRender, SettledSentence
from voxgate.campaigns.records import (
    Fault,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    Recipient,
    Rejection,
    RenderState,
    SentenceState,
    SentenceWork,
    SpokenResult,
)
from voxgate.campaigns.spec import parse_spec
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.transitions import plan
from voxgate.files import digest_json
from voxgate.serving.jobs.assets import keyed_asset_id
from voxgate.serving.jobs.ports import AssetStore
from voxgate.text.front_ends import open_front_end

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOSTILE = '=cmd|"/c"!A1,<script>alert(1)</script>|*x*`y`'
SPEC = {
    "campaign": "spring",
    "purpose": "evaluation",
    "model": "voice-en",
    "templates": {
        "reminder": {
            "text": "Hello {first_name}, this is us. Please come.",
            "slots": {"first_name": "name"},
        }
    },
}
NAMES = ("Anna", "Anna", "Bob", "Wendy", "Mute")
"""Anna's file is shared; Wendy's greeting needs review, Mute's cannot be spoken."""


def make_writer(
    store: CampaignStore, folder: Path, *, now: datetime = NOW, **changes: Any
) -> OutputWriter:
    """Return what writes outputs of `spring` into `folder / "campaigns"`."""
    spec = parse_spec({**SPEC, **changes}, "spring")
    return OutputWriter(
        store=store,
        assets=FolderAssets(folder / "assets", SIGNER, clock=lambda: now),
        spec=spec,
        templates={
            name: parse_template(name, one.text, dict(one.slots), open_front_end("en"))
            for name, one in spec.templates.items()
        },
        outputs=folder / "campaigns" / "spring",
        clock=lambda: now,
    )


def upload(store: CampaignStore, names: tuple[str, ...] = NAMES, **changes: Any) -> None:
    """Make a draft with a recipient a name, one row that was known, and two that are rejected."""
    spec = parse_spec({**SPEC, **changes}, "spring")
    store.create("spring", spec.as_json(), owner="anna")
    rows: list[Recipient | Rejection] = [_recipient(at, name) for at, name in enumerate(names, 1)]
    fault = Fault(code="sentence_end", detail=f"expected a name, got {HOSTILE}")
    last = len(rows)
    rows += [
        Rejection(number=last + 1, recipient_id=HOSTILE, fault=fault),
        Rejection(number=last + 2, recipient_id=None, fault=replace(fault, code="bad_quoting")),
    ]
    store.add_rows("spring", "list-1", rows)
    store.end_upload("spring", "list-1", rows=len(rows), owner="anna")
    store.add_rows("spring", "list-2", rows[:1])
    store.end_upload("spring", "list-2", rows=1, owner="anna")


def add_plan(store: CampaignStore, names: tuple[str, ...] = NAMES) -> None:
    """Plan the draft: a greeting a name, and a sentence for all; the last cell cannot be read."""
    distinct = list(dict.fromkeys(names))
    unreadable = Fault(code="text_unreadable", detail=f"nothing is said: {HOSTILE}")
    store.add_plan(
        "spring",
        sentences=[
            PlannedSentence(key="come", place=1, facts=_facts("Please come.", None)),
            *(
                PlannedSentence(
                    key=f"hello-{name}", place=0, facts=_facts(f"Hello {name}, this is us.", "name")
                )
                for name in distinct
            ),
        ],
        renders=[
            PlannedRender(
                key=f"file-{name}",
                asset_id=keyed_asset_id(b"s" * 24, {"render": name}),
                template="reminder",
                sentences=(f"hello-{name}", "come"),
            )
            for name in distinct
        ],
        cells=[
            PlannedCell(
                recipient_id=_id(at),
                template="reminder",
                render=None if name == "Mute" else f"file-{name}",
                fault=unreadable if name == "Mute" else None,
            )
            for at, name in enumerate(names, 1)
        ],
    )
    store.change("spring", partial(plan, pinned=make_pinned(), facts={}, actor="anna"))


def finish(store: CampaignStore, assets: AssetStore) -> None:
    """Speak all that is due, and store the samples of each sentence."""
    begin(store, "spring")
    while claim := store.claim(worker=HOSTILE, lease_s=60.0, campaign_id="spring"):
        _settle(store, claim, assets)
    store.end_if_done("spring", actor="worker")


def make_campaign(folder: Path, **changes: Any) -> SqlCampaignStore:
    """Return a store with `spring`, which has finished."""
    store = open_campaigns(folder)
    upload(store, **changes)
    add_plan(store)
    finish(store, FolderAssets(folder / "assets", SIGNER))
    return store


def _id(number: int) -> str:
    return HOSTILE if number == 1 else f"r-{number}"


def _recipient(number: int, name: str) -> Recipient:
    values = {"first_name": {"kind": "name", "spoken": name}}
    return Recipient(
        number=number,
        recipient_id=_id(number),
        templates=("reminder",),
        values=values,
        digest=digest_json([_id(number), values]),
    )


def _facts(text: str, slot: str | None) -> dict[str, Any]:
    return {"text": text, "slots": [None, slot], "readings": {}}


def _settle(store: CampaignStore, claim: Claim, assets: AssetStore) -> None:
    if claim.renders:
        quality = {"wer": 0.0, "slot_distance": 0.25, "similarity": 0.8, "fallbacks": 0}
        store.settle_renders(
            claim.campaign.id,
            [
                SettledRender(
                    key=work.key,
                    attempt=work.attempt,
                    state=RenderState.STORED,
                    output=make_output(work.key, quality=quality, worker=HOSTILE),
                )
                for work in claim.renders
            ],
        )
        return
    settled = []
    for work in claim.sentences:
        result = _spoken(work, assets)
        state = SentenceState.PASSED if result.passed else SentenceState.NEEDS_REVIEW
        settled.append(
            SettledSentence(key=work.key, attempt=work.attempt, state=state, result=result)
        )
    store.settle_sentences(claim.campaign.id, settled)


def _spoken(work: SentenceWork, assets: AssetStore) -> SpokenResult:
    passed = work.key != "hello-Wendy"
    asset_id = keyed_asset_id(b"s" * 24, {"sentence": work.key, "attempt": work.attempt})
    content = encode_file(tone(work.key).repeat(10), RATE_HZ, "flac")
    assets.put(asset_id, content, media_type="audio/flac")
    quality = {
        "state": "passed" if passed else "failed",
        "kind": "slot",
        "faults": [] if passed else ["slot", HOSTILE],
        "figures": {
            "frame_edits": 0.0,
            "wer": 0.0 if passed else 0.5,
            "slot_distance": 0.1 if passed else 0.9,
            "similarity": 0.8,
        },
        "rules_digest": "q" * 64,
        "heard_sha256": None,
        "heard": None,
    }
    return make_result(
        work.key, asset_id=asset_id, quality=quality, passed=passed, tries=1 if passed else 4
    )
