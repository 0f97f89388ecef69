"""Make the files of a claim: sentences that are all there, joined, encoded and stored."""

from __future__ import annotations

import io
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import soundfile

from voxgate.campaigns.ports import Claim, SettledRender
from voxgate.campaigns.records import (
    Campaign,
    Fault,
    RenderOutput,
    RenderState,
    RenderWork,
    SpokenResult,
)
from voxgate.campaigns.tags import file_tags
from voxgate.campaigns.work.rendering import Pcm, RenderRecipe, render
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.errors import VoiceError
from voxgate.serving.jobs.assets import SHARED_CACHING, UnknownAssetError

__all__ = ["SampleShelf", "deliver_renders"]


class SampleShelf:
    """The samples of the sentences that were used last, from the store; for one thread."""

    def __init__(self, tools: CampaignTools, *, max_bytes: int = 128 << 20) -> None:
        self._tools = tools
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, Pcm] = OrderedDict()
        self._bytes = 0

    def samples(self, result: SpokenResult) -> Pcm:
        """Return (T,) samples of a sentence.

        Raises:
            UnknownAssetError: they were called back.
            StorageError, ExternalServiceError: the store cannot be read.
        """
        pcm = self._kept.get(result.asset_id)
        if pcm is None:
            content = b"".join(self._tools.assets.read(result.asset_id))
            pcm, _ = soundfile.read(io.BytesIO(content), dtype="int16")
            pcm.setflags(write=False)
            self._kept[result.asset_id] = pcm
            self._bytes += pcm.nbytes
        self._kept.move_to_end(result.asset_id)
        while self._bytes > self._max_bytes and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.nbytes
        return pcm


def deliver_renders(claim: Claim, shelf: SampleShelf, tools: CampaignTools) -> list[SettledRender]:
    """Make and store the files of a claim.

    Raises:
        StorageError, ExternalServiceError: the store cannot be used; nothing is settled then.
    """
    recipe = tools.recipe(claim.campaign)
    return [_deliver(work, claim.campaign, recipe, shelf, tools) for work in claim.renders]


def _deliver(
    work: RenderWork,
    campaign: Campaign,
    recipe: RenderRecipe,
    shelf: SampleShelf,
    tools: CampaignTools,
) -> SettledRender:
    began_s = time.process_time()
    try:
        parts = [(shelf.samples(one), one.sample_rate_hz) for one in work.sentences]
        file = render(parts, recipe)
    except (UnknownAssetError, VoiceError) as error:
        gone = isinstance(error, UnknownAssetError)
        fault = Fault(code="sentence_gone" if gone else "voice_failed", detail=str(error))
        return SettledRender(
            key=work.key, attempt=work.attempt, state=RenderState.FAILED, fault=fault
        )
    tools.assets.put(
        work.asset_id,
        file.content,
        media_type=file.media_type,
        tags=file_tags(campaign),
        cache_control=SHARED_CACHING,
    )
    output = RenderOutput(
        media_type=file.media_type,
        format=file.format,
        bytes=len(file.content),
        sha256=file.sha256,
        pcm_sha256=file.pcm_sha256,
        duration_s=round(file.duration_s, 6),
        sample_rate_hz=file.sample_rate_hz,
        seeds=tuple(one.seed for one in work.sentences),
        tries=sum(one.tries for one in work.sentences),
        quality=_worst(work.sentences),
        machine=work.sentences[0].machine,
        cpu_ms=round(1000.0 * (time.process_time() - began_s), 3),
        worker=tools.worker,
    )
    return SettledRender(
        key=work.key, attempt=work.attempt, state=RenderState.STORED, output=output
    )


def _worst(sentences: Sequence[SpokenResult]) -> dict[str, Any]:
    """Return of each figure the worst that any sentence has; of similarity the least."""
    worst: dict[str, float] = {}
    for sentence in sentences:
        for name, value in sentence.quality["figures"].items():
            pick = min if name == "similarity" else max
            worst[name] = value if name not in worst else pick(worst[name], value)
    return {**worst, "fallbacks": int(np.sum([one.fallback for one in sentences]))}
