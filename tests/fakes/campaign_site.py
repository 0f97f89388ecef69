"""Campaigns behind a door: real rows and files, tones for voices, no other process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from fastapi import FastAPI

from tasks.campaigns.create import add_recipients, templates_of
from tasks.campaigns.desk import CampaignDesk
from tasks.campaigns.service import DeskCampaigns
from tests.fakes.campaigns import make_output, make_pinned, make_result, open_campaigns
from tests.fakes.http_service import MemoryKeys, MovedClock, anonymous_app, keyed_app
from tests.fakes.speech_jobs import ListQueue, make_desk, make_tools
from tests.fakes.speech_service import FakeSpeechService
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.audio.encoding import encode_file
from voxgate.campaigns import transitions
from voxgate.campaigns.ports import Claim, SettledRender, SettledSentence
from voxgate.campaigns.records import (
    Campaign,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.service import Action, OpenCampaigns
from voxgate.campaigns.spec import parse_spec
from voxgate.campaigns.templates.slots import SlotValue
from voxgate.errors import VoxgateError
from voxgate.files import digest_json
from voxgate.stage import Workspace

RATE_HZ = 16_000
FILE: dict[str, Any] = {
    "purpose": "evaluation",
    "model": "voice-en",
    "preset": "telephone",
    "format": "wav",
    "proof_sample": 2,
    "templates": {
        "reminder": {
            "text": "Hello {first_name}, this is Green Street Dental. Please call us back.",
            "slots": {"first_name": "name"},
        }
    },
}
LIST = "recipient_id,first_name\nr-1,Anna\nr-2,Ben\nr-3,Siobhan\nr-4,Anna\n"


class HereCampaigns(DeskCampaigns):
    """Starts and resumes without asking whether the voice may be used: there is none."""

    def _decided(
        self, desk: CampaignDesk, campaign_id: str, action: Action, reason: str
    ) -> Campaign:
        if action is Action.START:
            return desk.store.change(campaign_id, partial(transitions.start, actor=desk.by))
        return super()._decided(desk, campaign_id, action, reason)


@dataclass
class CampaignSite:
    """A door over the rows in `folder`; `fault` is what the next slow thing raises."""

    folder: Path
    fault: VoxgateError | None = None
    bad: tuple[str, ...] = ("Siobhan",)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store: SqlCampaignStore = open_campaigns(self.folder)
        self.tools = make_tools(f"sqlite:///{self.folder}/jobs.db", self.folder)
        checkout = cast("Any", SimpleNamespace(workspace=Workspace(self.folder)))
        self.desk = CampaignDesk(checkout=checkout, store=self.store, by="anna")
        self.service = HereCampaigns(
            checkout, store=self.store, assets=self.tools.assets, do=self._do
        )

    def anonymous(self, service: FakeSpeechService, **parts: Any) -> FastAPI:
        return anonymous_app(service, **self._parts(), **parts)

    def keyed(
        self, service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock, **parts: Any
    ) -> FastAPI:
        return keyed_app(service, keys, clock, **self._parts(), **parts)

    def _parts(self) -> dict[str, Any]:
        return {
            "campaigns": OpenCampaigns(service=self.service),
            "jobs": make_desk(self.tools, ListQueue()),
        }

    def plan(self, campaign_id: str) -> dict[str, Any]:
        """Plan by first names: a greeting each, and one sentence for all."""
        spec = parse_spec(dict(self.store.campaign(campaign_id).spec), campaign_id)
        (name, template), *_ = templates_of(spec).items()
        rows = self.store.recipients(campaign_id)
        said = [[one.text.strip() for one in template.fill(_values(row.values))] for row in rows]
        texts = dict.fromkeys((place, text) for row in said for place, text in enumerate(row))
        key = {one: digest_json([campaign_id, *one])[:32] for one in texts}
        files = {tuple(row): digest_json([campaign_id, row])[:40] for row in said}
        self.store.add_plan(
            campaign_id,
            sentences=[
                PlannedSentence(
                    key=key[place, text],
                    place=place,
                    facts={"text": text, "slots": [], "readings": {}},
                )
                for place, text in texts
            ],
            renders=[
                PlannedRender(
                    key=f"file-{asset}",
                    asset_id=asset,
                    template=name,
                    sentences=tuple(key[place, text] for place, text in enumerate(row)),
                )
                for row, asset in files.items()
            ],
            cells=[
                PlannedCell(
                    recipient_id=row.recipient_id,
                    template=name,
                    render=f"file-{files[tuple(texts)]}",
                )
                for row, texts in zip(rows, said, strict=True)
            ],
        )
        proof = [(row.recipient_id, name) for row in rows[: spec.proof_sample]]
        self.store.mark_proof(campaign_id, proof)
        change = partial(transitions.plan, pinned=make_pinned(), facts={}, actor="anna")
        self.store.change(campaign_id, change)
        return {"campaign": campaign_id, "proof": [list(one) for one in proof]}

    def work(self, campaign_id: str) -> None:
        """Speak all that is due: tones, of which those that say a bad name need review."""
        options: dict[str, Any] = {"worker": "w-1", "lease_s": 60.0, "campaign_id": campaign_id}
        while claim := self.store.claim(**options):
            self._settle(claim)
        self.store.end_if_done(campaign_id, actor="w-1")

    def _settle(self, claim: Claim) -> None:
        campaign_id = claim.campaign.id
        for render in claim.renders:
            output = make_output(render.key, media_type="audio/wav", sample_rate_hz=RATE_HZ)
            self._put(render.asset_id, "wav", seconds=0.2)
            done = SettledRender(
                key=render.key, attempt=render.attempt, state=RenderState.STORED, output=output
            )
            self.store.settle_renders(campaign_id, [done])
        for work in claim.sentences:
            bad = any(name in work.facts["text"] for name in self.bad)
            asset = digest_json(work.key)[:40]
            self._put(asset, "flac", seconds=0.1)
            result = make_result(
                work.key,
                asset_id=asset,
                passed=not bad,
                tries=4 if bad else 1,
                quality={"faults": ["slot", "noisy"] if bad else [], "figures": {}},
            )
            state = SentenceState.NEEDS_REVIEW if bad else SentenceState.PASSED
            settled = SettledSentence(
                key=work.key, attempt=work.attempt, state=state, result=result
            )
            self.store.settle_sentences(campaign_id, [settled])

    def _put(self, asset_id: str, kind: Any, *, seconds: float) -> None:
        tone = np.sin(np.arange(int(seconds * RATE_HZ)) * 0.2)
        content = encode_file((3000 * tone).astype(np.int16), RATE_HZ, kind)
        self.tools.assets.put(asset_id, content, media_type=f"audio/{kind}")

    def _do(self, action: str, campaign_id: str, *arguments: str, by: str) -> dict[str, Any]:
        self.done.append(action)
        if self.fault is not None:
            raise self.fault
        if action == "plan":
            return self.plan(campaign_id)
        desk = CampaignDesk(checkout=self.desk.checkout, store=self.store, by=by)
        return add_recipients(desk, campaign_id, Path(arguments[0])).as_json()


def _values(values: Any) -> dict[str, SlotValue]:
    return {name: SlotValue.from_json(value) for name, value in values.items()}


def spoken_campaign(site: CampaignSite, client: Any, headers: dict[str, str]) -> str:
    """Make a campaign over HTTP up to its proof sample; returns its address."""
    address = "/v1/campaigns/spring"
    assert client.put(address, json=FILE, headers=headers).status_code == 201
    send_list(client, headers)
    site.plan("spring")
    assert client.post(f"{address}/start", json={}, headers=headers).status_code == 200
    site.work("spring")
    return address


def send_list(
    client: Any,
    headers: dict[str, str],
    content: str | Sequence[bytes] = LIST,
    *,
    key: str = "k-1",
    campaign: str = "spring",
    **changes: str,
) -> Any:
    sent = {"Content-Type": "text/csv", "Idempotency-Key": key, **headers, **changes}
    return client.post(f"/v1/campaigns/{campaign}/recipients", content=content, headers=sent)
