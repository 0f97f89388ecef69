"""Plan a campaign, which is its dry run: what is pinned, what there is to do, what it will take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tasks.campaigns.create import templates_of
from tasks.campaigns.desk import CampaignDesk
from voxgate.batching import batched
from voxgate.campaigns import transitions
from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.planning.planner import Planner
from voxgate.campaigns.planning.proof import ValueCounts, choose_proof
from voxgate.campaigns.records import Campaign, Counts, Pinned, Recipient
from voxgate.campaigns.spec import CampaignSpec, parse_spec
from voxgate.campaigns.work.estimate import Estimate, Workload, estimate, time_batch
from voxgate.wiring.campaign_studio import build_reader, build_studio
from voxgate.wiring.campaign_voices import CampaignVoice, campaign_recipe, choose_voice
from voxgate.wiring.speaking_desk import speaking_code
from voxgate.wiring.speech_jobs import speech_secret
from voxgate.wiring.speech_service import usable_cores

__all__ = ["Planned", "plan"]

_BATCH = 1000
_TIMED = 8


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A campaign that may be started, with what it will take."""

    campaign: Campaign
    counts: Counts
    estimate: Estimate
    proof: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        pinned = self.campaign.pinned
        return {
            "campaign": self.campaign.id,
            "state": self.campaign.state,
            "pinned": None if pinned is None else asdict(pinned),
            "rows": {
                "uploaded": self.counts.rows,
                "recipients": self.counts.recipients,
                "rejected": self.counts.rejected,
                "known": self.counts.known,
            },
            "cells": dict(self.counts.cells),
            "estimate": self.estimate.as_json(),
            "proof": [list(cell) for cell in self.proof],
        }


def plan(desk: CampaignDesk, campaign_id: str, *, workers: int | None = None) -> Planned:
    """Pin what is live, and plan every cell; may be repeated until the campaign is started.

    Raises:
        UnknownCampaignError: there is none.
        CampaignStateError: it was started.
        UnknownVersionError, ConsentError, ProfileStateError, QuarantinedVersionError: what it
            would speak with may not be used for its purpose, or is not there.
        NotCalibratedError: voice and preset have no limits: `voxgate campaign calibrate`.
        ConfigError, TemplateError: its file cannot be used with this voice.
        EvaluatorError, WeightsError: the instruments cannot be opened.
    """
    checkout, store = desk.checkout, desk.store
    spec = parse_spec(dict(store.campaign(campaign_id).spec), campaign_id)
    voice = choose_voice(checkout, spec)
    studio = build_studio(checkout, spec, voice)
    quality = studio.calibration.rules.digest
    pinned = voice.pinned(spec, quality=quality, code=speaking_code())
    store.clear_plan(campaign_id)
    planner = _planner(desk, spec, voice, pinned)
    load, counts = Workload(), ValueCounts()
    timed: list[tuple[Piece, int]] = []
    for recipients in batched(_recipients(desk, campaign_id), _BATCH):
        part = planner.plan(recipients)
        store.add_plan(
            campaign_id, cells=part.cells, renders=part.renders, sentences=part.sentences
        )
        load.add(part)
        for recipient in recipients:
            counts.add(recipient)
        if len(timed) < _TIMED:
            timed += [(Piece.from_json(s.facts), s.place) for s in part.sentences[:_TIMED]]
    found = _forget_found(desk, load)
    proof = choose_proof(_recipients(desk, campaign_id), counts, size=spec.proof_sample)
    store.mark_proof(campaign_id, proof)
    recipe = campaign_recipe(spec, voice.preset)
    taken = estimate(
        load,
        time_batch(studio, timed[:_TIMED], recipe),
        found=found,
        workers=workers or usable_cores(),
    )
    campaign = store.change(
        campaign_id,
        partial(
            transitions.plan,
            pinned=pinned,
            facts={"sentences": load.sentences, "renders": load.renders, "cells": load.cells},
            actor=desk.by,
        ),
    )
    return Planned(
        campaign=campaign, counts=store.counts(campaign_id), estimate=taken, proof=tuple(proof)
    )


def _planner(
    desk: CampaignDesk, spec: CampaignSpec, voice: CampaignVoice, pinned: Pinned
) -> Planner:
    checkout = desk.checkout
    return Planner(
        campaign=spec.campaign,
        pinned=pinned,
        utterance=voice.utterance,
        templates=templates_of(spec),
        reader=build_reader(spec, voice),
        secret=speech_secret(checkout.settings, checkout.workspace, "names"),
    )


def _recipients(desk: CampaignDesk, campaign_id: str) -> Iterator[Recipient]:
    after = 0
    while page := desk.store.recipients(campaign_id, after=after):
        yield from page
        after = page[-1].number


def _forget_found(desk: CampaignDesk, load: Workload) -> int:
    found = 0
    for keys in batched(load.keys, 500):
        known = desk.store.spoken_before(keys)
        load.forget(tuple(known))
        found += len(known)
    return found
