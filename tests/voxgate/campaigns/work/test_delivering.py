"""What becomes of a claim of files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.campaign_work import (
    VISIT,
    asset_of,
    begin,
    hello,
    make_tools,
    plan_campaign,
)
from tests.fakes.studio import FakeStudio, samples
from voxgate.campaigns.ports import Claim
from voxgate.campaigns.records import RenderState
from voxgate.campaigns.work.delivering import SampleShelf, deliver_renders
from voxgate.campaigns.work.speaking import speak_sentences
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.serving.jobs.assets import SHARED_CACHING, UnknownAssetError

NAMES = ["Anna", "Bo"]


def spoken(tools: CampaignTools, studio: FakeStudio) -> Claim:
    """Speak a small campaign; returns the claim of its files."""
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    claim = tools.store.claim(worker="w-1", lease_s=60.0)
    assert claim is not None
    tools.store.settle_sentences("spring", speak_sentences(claim, studio, tools))
    files = tools.store.claim(worker="w-1", lease_s=60.0)
    assert files is not None
    return files


def test_a_file_is_its_sentences_in_their_order(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    claim = spoken(tools, studio)
    settled = deliver_renders(claim, SampleShelf(tools), tools)
    assert {one.state for one in settled} == {RenderState.STORED}
    content = b"".join(tools.assets.read(asset_of("spring", "Bo")))
    pcm, _ = soundfile.read(io.BytesIO(content), dtype="int16")
    expected = np.concatenate([samples(hello("Bo"), 0, 7), samples(VISIT, 1, 7)])
    assert np.array_equal(pcm, expected)


def test_a_file_says_what_was_measured_of_it(folder: Path) -> None:
    studio = FakeStudio(bad={hello("Bo"): 1})
    tools = make_tools(folder, studio)
    claim = spoken(tools, studio)
    settled = deliver_renders(claim, SampleShelf(tools), tools)
    outputs = {work.asset_id: one.output for work, one in zip(claim.renders, settled, strict=True)}
    bo, anna = outputs[asset_of("spring", "Bo")], outputs[asset_of("spring", "Anna")]
    assert bo is not None
    assert anna is not None
    assert (bo.seeds, bo.tries) == ((1007, 7), 3)
    assert (anna.seeds, anna.tries) == ((7, 7), 2)
    stored = tools.assets.describe(asset_of("spring", "Bo"))
    assert (stored.bytes, stored.sha256) == (bo.bytes, bo.sha256)
    assert bo.quality["fallbacks"] == 0
    assert bo.quality["similarity"] == 0.9


def test_caches_are_told_by_what_to_forget_a_file(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    deliver_renders(spoken(tools, studio), SampleShelf(tools), tools)
    stored = tools.assets.describe(asset_of("spring", "Anna"))
    assert stored.tags == ("campaign-spring", "model-voice-en@3", "profile-anna@1")
    assert stored.cache_control == SHARED_CACHING


def test_a_sentence_that_was_called_back_meanwhile_fails_its_files_alone(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    claim = spoken(tools, studio)
    [bo] = [work for work in claim.renders if work.asset_id == asset_of("spring", "Bo")]
    tools.assets.remove(bo.sentences[0].asset_id)
    settled = {one.key: one for one in deliver_renders(claim, SampleShelf(tools), tools)}
    failed = settled.pop(bo.key)
    assert failed.state is RenderState.FAILED
    assert failed.fault is not None
    assert failed.fault.code == "sentence_gone"
    assert {one.state for one in settled.values()} == {RenderState.STORED}


def test_the_shelf_forgets_what_was_not_used_for_longest(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    claim = spoken(tools, studio)
    shelf = SampleShelf(tools, max_bytes=1)
    results = {one.asset_id: one for work in claim.renders for one in work.sentences}
    for result in results.values():
        assert len(shelf.samples(result)) == round(result.duration_s * result.sample_rate_hz)
    first, *_, last = results.values()
    for result in results.values():
        tools.assets.remove(result.asset_id)
    assert len(shelf.samples(last)), "the last one is at hand"
    with pytest.raises(UnknownAssetError):
        shelf.samples(first)
