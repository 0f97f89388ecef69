"""A recall in a checkout: the version is quarantined for real, people are told, drafts are made."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tasks.campaigns.desk import CampaignDesk, open_campaign_desk
from tasks.campaigns.recall import call_back, erase, make_selector, recall, redo
from tasks.release.approve import approve
from tests.fakes.campaigns import (
    begin,
    make_output,
    make_pinned,
    make_recipient,
    make_result,
    take,
)
from tests.fakes.release_site import ReleaseSite
from voxgate.campaigns.ports import Selector, SettledRender, SettledSentence
from voxgate.campaigns.records import (
    CampaignState,
    Pinned,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.spec import parse_spec
from voxgate.campaigns.transitions import plan
from voxgate.errors import ConfigError, UnknownCampaignError
from voxgate.release.states import State
from voxgate.wiring.campaign_voices import choose_voice
from voxgate.wiring.speaking_desk import speaking_code
from voxgate.wiring.speech_jobs import open_assets

FILE, SENTENCE = "f" * 40, "5" * 40


@pytest.fixture
def desk(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> CampaignDesk:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    version = release_site.offer(1)
    approve(release_site.desk, version, by="jane", reason="sounds right")
    return open_campaign_desk(release_site.root, by="anna")


def _spec(desk: CampaignDesk) -> dict[str, Any]:
    template = {"text": "Hello {first_name}.", "slots": {"first_name": "name"}}
    document = {
        "campaign": "spring",
        "purpose": "evaluation",
        "model": desk.checkout.params.gate.model_name,
        "templates": {"reminder": template},
    }
    return parse_spec(document, "spring").as_json()


def _deliver(desk: CampaignDesk, pinned: Pinned | None = None) -> None:
    """Deliver a campaign of one cell, with real files."""
    store, model = desk.store, desk.checkout.params.gate.model_name
    store.create("spring", _spec(desk), owner="anna")
    store.add_rows("spring", "list", [make_recipient(1, name="Al")])
    store.end_upload("spring", "list", rows=1, owner="anna")
    store.add_plan(
        "spring",
        sentences=[PlannedSentence(key="hello", place=0, facts={"text": "Hello Al."})],
        renders=[PlannedRender(key="f", asset_id=FILE, template="reminder", sentences=("hello",))],
        cells=[PlannedCell(recipient_id="r-1", template="reminder", render="f")],
    )
    pinned = pinned or make_pinned(model=model, version=1)
    store.change("spring", partial(plan, pinned=pinned, facts={}, actor="anna"))
    begin(store, "spring")
    assets = open_assets(desk.checkout.settings, desk.checkout.workspace)
    for asset in (FILE, SENTENCE):
        assets.put(asset, b"sound", media_type="audio/mpeg")
    spoken = take(store)
    passed = SettledSentence(
        key="hello",
        attempt=spoken.sentences[0].attempt,
        state=SentenceState.PASSED,
        result=make_result("hello", asset_id=SENTENCE),
    )
    store.settle_sentences("spring", [passed])
    stored = SettledRender(
        key="f",
        attempt=take(store).renders[0].attempt,
        state=RenderState.STORED,
        output=make_output("f"),
    )
    store.settle_renders("spring", [stored])


def _files(desk: CampaignDesk) -> list[str]:
    folder = desk.checkout.workspace.speech_assets_dir
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_version_that_is_called_back_is_quarantined_and_people_are_told(
    desk: CampaignDesk,
) -> None:
    _deliver(desk)
    selector = make_selector(desk, version=1)
    model = desk.checkout.params.gate.model_name
    assert selector == Selector(model=model, version=1)
    dry = recall(desk, selector, reason="it hisses", dry_run=True)
    assert (dry.now.cells, len(_files(desk))) == (1, 4)
    for again in (False, True):
        found = recall(desk, selector, reason="it hisses")
        assert found.faults == []
        assert found.removed == (0 if again else 2)
        assert not found.purge.purged if found.purge else pytest.fail("caches were not asked")
        assert desk.checkout.desk.ledger.read(model).require(1).state is State.QUARANTINED
        assert desk.store.campaign("spring").state is CampaignState.RECALLED
        assert _files(desk) == []
        told = [one for one in desk.checkout.desk.notices() if "asset.recalled" in one.subject]
        assert len(told) == 1
        assert found.list_at is not None
        assert (found.list_at / "fetched.csv").is_file()
    assert found.list_at.is_relative_to(desk.checkout.workspace.recalls_dir)


def test_what_would_sound_as_before_is_not_said_again(desk: CampaignDesk) -> None:
    spec = parse_spec(_spec(desk), "spring")
    pinned = choose_voice(desk.checkout, spec).pinned(spec, quality="q", code=speaking_code())
    _deliver(desk, pinned)
    selector = Selector(campaign="spring")
    assert redo(desk, selector).as_json() == {"drafts": [], "not_redone": []}
    recall(desk, selector, reason="it hisses")
    found = redo(desk, selector)
    assert found.drafts == ()
    assert "would say the same" in found.not_redone[0].why
    recall(desk, make_selector(desk, version=1), reason="it hisses")
    [draft] = redo(desk, selector).drafts
    assert (draft.campaign.id, draft.upload.accepted) == ("spring-redo", 1)


def test_another_code_is_another_sound(desk: CampaignDesk) -> None:
    spec = parse_spec(_spec(desk), "spring")
    _deliver(desk, choose_voice(desk.checkout, spec).pinned(spec, quality="q", code="0" * 64))
    recall(desk, Selector(code="0" * 64), reason="it hisses")
    [draft] = redo(desk, Selector(code="0" * 64)).drafts
    assert draft.campaign.state is CampaignState.DRAFT


def test_a_version_of_nobody_is_called_back_and_the_answer_says_that_it_is_none(
    desk: CampaignDesk,
) -> None:
    _deliver(desk, make_pinned(model="voice-de", version=9))
    found = recall(desk, Selector(model="voice-de", version=9), reason="it hisses")
    assert len(found.faults) == 1
    assert "is released here" in found.faults[0]
    assert (found.removed, _files(desk)) == (2, [])


def test_a_recipient_is_forgotten(desk: CampaignDesk) -> None:
    _deliver(desk)
    found = erase(desk, "r-1", campaign_id=None, reason="asked")
    assert (found.now.cells, found.faults, _files(desk)) == (1, [], [])
    [recipient] = desk.store.recipients("spring")
    assert recipient.values == {}


def test_what_cannot_be_meant_is_refused(desk: CampaignDesk) -> None:
    with pytest.raises(ConfigError, match="names one thing at least"):
        make_selector(desk, version=None, campaign=None)
    with pytest.raises(UnknownCampaignError):
        recall(desk, Selector(campaign="sprung"), reason="it hisses")
    for reason in ("", "  "):
        with pytest.raises(ConfigError, match="--reason"):
            recall(desk, Selector(campaign="spring"), reason=reason)
        with pytest.raises(ConfigError, match="--reason"):
            erase(desk, "r-1", campaign_id=None, reason=reason)


def test_a_key_calls_back_under_its_own_name(desk: CampaignDesk) -> None:
    _deliver(desk)
    found = call_back(
        desk.checkout.root, "spring", asset=FILE, reason="it hisses", dry_run=False, by="key-1"
    )
    assert (found.now.files, found.removed) == (1, 1)
    assert desk.store.events("spring")[-1].actor == "key-1"
