"""`voxgate campaign recall|redo|erase` in a checkout."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from tests.fakes.campaigns import begin, fill, make_pinned, run
from tests.fakes.release_site import ReleaseSite
from voxgate.adapters.cdn.none import NoCaches
from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import CampaignState
from voxgate.errors import ConfigError, ExternalServiceError
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout


@pytest.fixture
def store(release_site: ReleaseSite) -> CampaignStore:
    checkout = Checkout.open(release_site.root)
    store = open_campaign_store(checkout.settings, checkout.root)
    fill(store, "spring", ["Al", "Bo"], pinned=make_pinned(model=release_site.desk.model))
    return store


@pytest.fixture
def files(store: CampaignStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of the fakes be removed, whose ids no folder has."""
    monkeypatch.setattr("voxgate.adapters.storage.folder.FolderAssets.remove_many", lambda *_: None)
    begin(store, "spring")
    run(store, "spring")


@pytest.mark.usefixtures("files")
def test_a_dry_run_then_a_recall_then_the_same_again(
    call: Callable[..., Result], store: CampaignStore
) -> None:
    words = ("campaign", "recall", "--campaign", "spring", "--reason", "it hisses", "--by", "anna")
    dry = call("campaign", "recall", "--campaign", "spring", "--dry-run")
    assert "1 campaigns, 2 cells, 5 files" in dry.output
    assert "would be called back" in dry.output
    assert store.campaign("spring").state is CampaignState.RUNNING
    done = call(*words)
    assert (done.exit_code, "5 files removed" in done.output) == (0, True)
    assert "no cache is set (VOXGATE_CDN_ZONE)" in done.output
    again = call(*words, "--json")
    document = json.loads(again.output)
    assert (document["now"]["files"], document["campaigns"]) == (0, ["spring"])
    assert store.events("spring")[-1].actor == "anna"


@pytest.mark.usefixtures("files")
def test_a_purge_that_fails_is_told_and_is_no_success(
    call: Callable[..., Result], store: CampaignStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ExternalServiceError("the caches do not answer")

    words = ("campaign", "recall", "--campaign", "spring", "--reason", "it hisses")
    with monkeypatch.context() as patched:
        patched.setattr(NoCaches, "purge", away)
        failed = call(*words)
    assert failed.exit_code == 3
    assert "caches are not purged: the caches do not answer" in failed.output
    assert "NOT FINISHED" in failed.output
    assert store.campaign("spring").state is CampaignState.RECALLED
    assert call(*words).exit_code == 0


@pytest.mark.usefixtures("files")
def test_a_recipient_is_erased_and_nothing_is_said_again(call: Callable[..., Result]) -> None:
    erased = call("campaign", "erase", "r-1", "--reason", "asked")
    assert "1 cells of 1 campaigns erased" in erased.output
    assert "nothing was called back" in call("campaign", "redo", "--campaign", "spring").output


@pytest.mark.usefixtures("files")
def test_a_recall_says_why(call: Callable[..., Result], store: CampaignStore) -> None:
    with pytest.raises(ConfigError, match="--reason"):
        call("campaign", "recall", "--campaign", "spring")
    assert store.campaign("spring").state is CampaignState.RUNNING


def test_a_recall_of_nothing_is_refused(call: Callable[..., Result]) -> None:
    with pytest.raises(ConfigError, match="--model-version"):
        call("campaign", "recall", "--reason", "it hisses")
