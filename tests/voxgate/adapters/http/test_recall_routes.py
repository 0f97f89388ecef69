"""Recall over HTTP: who may, what is told, and what of a recall that did not come through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.fakes.http_service import MemoryKeys, MovedClock, keyed_app
from tests.fakes.memory import memory_folder
from tests.fakes.recall_site import BAD, RecallSite, asset_of
from tests.fakes.speech_service import FakeSpeechService
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.recall.recalling import Recalled, recall
from voxgate.campaigns.records import CampaignState

PATH = "/v1/campaigns/spring/recall"
WHY = {"reason": "it hisses"}


@pytest.fixture
def site() -> Iterator[RecallSite]:
    with memory_folder() as folder:
        site = RecallSite(folder)
        site.plan("spring", ["Al", "Bo", "Al"], version=BAD)
        site.run("spring")
        yield site


@pytest.fixture
def client(site: RecallSite, keys: MemoryKeys, clock: MovedClock) -> Iterator[TestClient]:
    def call_back(
        campaign_id: str, *, asset: str | None, reason: str, dry_run: bool, by: str
    ) -> Recalled:
        tools = site.recall_tools(actor=by)
        selector = Selector(campaign=campaign_id, asset=asset)
        return recall(tools, selector, reason=reason, dry_run=dry_run)

    app = keyed_app(FakeSpeechService(), keys, clock, recall=call_back)
    with TestClient(app, base_url="http://speech.example", client=("192.0.2.7", 50_000)) as made:
        yield made


@pytest.fixture
def key(keys: MemoryKeys) -> dict[str, str]:
    return keys.issue(rights=["recall"])


def test_a_dry_run_and_then_a_recall(
    client: TestClient, key: dict[str, str], site: RecallSite
) -> None:
    fetched = asset_of("spring", "Al")
    site.statuses({fetched: site.address(fetched)})
    site.fetches.keep()
    dry = client.post(PATH, json={**WHY, "dry_run": True}, headers=key)
    assert dry.status_code == 200
    told = dry.json()
    assert (told["dry_run"], told["cells"], told["files"], told["removed"]) == (True, 3, 5, 0)
    assert site.store.campaign("spring").state is not CampaignState.RECALLED
    done = client.post(PATH, json=WHY, headers=key).json()
    assert (done["finished"], done["cells"], done["files"], done["removed"]) == (True, 3, 5, 5)
    assert done["fetched"]["files"] == 1
    assert [cell["recipient_id"] for cell in done["fetched"]["cells"]] == ["r-1", "r-3"]
    assert str(site.folder) not in dry.text
    assert site.statuses({fetched: site.address(fetched)}) == {fetched: 410}
    assert site.store.events("spring")[-1].actor in key["Authorization"]


def test_a_recall_that_did_not_come_through_is_sent_again(
    client: TestClient, key: dict[str, str], site: RecallSite
) -> None:
    site.caches.away = True
    answer = client.post(PATH, json=WHY, headers=key)
    assert (answer.status_code, answer.json()["finished"]) == (202, False)
    assert int(answer.headers["retry-after"]) > 0
    site.caches.away = False
    assert client.post(PATH, json=WHY, headers=key).json()["finished"]


def test_one_file_is_called_back(client: TestClient, key: dict[str, str], site: RecallSite) -> None:
    body = {**WHY, "asset": asset_of("spring", "Bo")}
    assert client.post(PATH, json=body, headers=key).json()["cells"] == 1
    assert site.store.campaign("spring").state is not CampaignState.RECALLED


def test_only_a_key_with_the_right_calls_back(
    client: TestClient, keys: MemoryKeys, site: RecallSite
) -> None:
    assert client.post(PATH, json=WHY).status_code == 401
    refused = client.post(PATH, json=WHY, headers=keys.issue(rights=["campaigns", "speak"]))
    assert refused.status_code == 403
    assert site.store.campaign("spring").state is not CampaignState.RECALLED


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "reason"),
        ({"reason": "  "}, "reason"),
        ({**WHY, "asset": "../ledger"}, "asset"),
        ({**WHY, "dryrun": True}, "dryrun"),
        ({**WHY, "dry_run": "perhaps"}, "dry_run"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(
    client: TestClient, key: dict[str, str], site: RecallSite, body: dict[str, Any], param: str
) -> None:
    answer = client.post(PATH, json=body, headers=key)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert site.store.campaign("spring").state is not CampaignState.RECALLED
