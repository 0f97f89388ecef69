"""The page of a campaign: what it is sent with, and what a person does with it in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from tests.fakes.campaign_site import FILE, LIST, CampaignSite, send_list, spoken_campaign
from tests.fakes.chromium import Browser, chromium
from tests.fakes.http_service import MemoryKeys, MovedClock
from tests.fakes.live_server import HOST, live_server
from tests.fakes.memory import memory_folder
from tests.fakes.speech_service import FakeSpeechService
from voxgate.adapters.http.app import create_app
from voxgate.campaigns.service import OpenCampaigns
from voxgate.clock import utc_now

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def site() -> Iterator[CampaignSite]:
    with memory_folder() as folder:
        made = CampaignSite(folder)
        yield made
        made.service.close()


@pytest.fixture
def here(site: CampaignSite, service: FakeSpeechService) -> Iterator[TestClient]:
    with TestClient(
        site.anonymous(service), base_url=f"http://{HOST}:8080", client=(HOST, 50_000)
    ) as made:
        yield made


def test_the_page_brings_everything_that_it_needs(here: TestClient) -> None:
    page = here.get("/campaigns/spring")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    names = re.findall(r'(?:href|src)="\.\./([^"]+)"', page.text)
    script = here.get("/page/campaign.js").text
    names += [f"page/{name}" for name in re.findall(r'from "\./([^"]+)"', script)]
    assert len(names) == 6
    for text in (page.text, *(here.get(f"/{name}").text for name in names)):
        assert not re.search(
            r"https?://|//cdn|@import|innerHTML|style=|\son\w+=|localStorage", text
        )


def test_it_may_load_and_run_nothing_else_and_tells_who_needs_a_key(
    site: CampaignSite,
    here: TestClient,
    service: FakeSpeechService,
    keys: MemoryKeys,
    clock: MovedClock,
) -> None:
    answer = here.get("/campaigns/spring")
    assert 'data-key="optional"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    there = TestClient(site.keyed(service, keys, clock), client=("192.0.2.7", 50_000))
    assert 'data-key="needed"' in there.get("/campaigns/spring").text
    assert there.get("/page/campaign.html").status_code == 404


def test_without_campaigns_there_is_no_page(client: TestClient) -> None:
    assert client.get("/campaigns/spring").status_code == 404
    assert client.get("/v1/campaigns").status_code == 404


# ------------------------------------------------------------------------------------ in a browser


@contextmanager
def opened(site: CampaignSite, service: FakeSpeechService) -> Iterator[Browser]:
    with live_server(site.anonymous(service)) as port, chromium() as browser:
        browser.open(f"http://{HOST}:{port}/campaigns/spring")
        browser.wait("document.querySelector('#campaign')?.hidden === false")
        yield browser


def text_of(browser: Browser, selector: str) -> str:
    return str(browser.value(f"document.querySelector({selector!r}).innerText"))


def write(browser: Browser, selector: str, text: str) -> None:
    browser.value(f"document.querySelector({selector!r}).focus()")
    browser.call("Input.insertText", text=text)


def heard(browser: Browser, selector: str) -> None:
    """Play a clip to its end."""
    browser.call(
        "Runtime.evaluate",
        expression=f"document.querySelector({selector!r} + ' button').click()",
        userGesture=True,
    )
    browser.wait(f"document.querySelector({selector!r} + ' audio')?.ended === true")


@pytest.mark.slow
def test_a_person_hears_the_sample_and_approves(
    site: CampaignSite, here: TestClient, service: FakeSpeechService
) -> None:
    spoken_campaign(site, here, {})
    with opened(site, service) as browser:
        assert (text_of(browser, "#name"), text_of(browser, "#state")) == ("spring", "proofed")
        assert "voice-en version 3, anna@1, preset telephone@2" in text_of(browser, "#about")
        assert text_of(browser, "#cells li:first-child p") == (
            "Hello Anna, this is Green Street Dental. Please call us back."
        )
        assert browser.value("document.querySelectorAll('#cells li').length") == 2
        assert text_of(browser, "#heard") == "0 of 2 of the sample heard"
        heard(browser, "#cells li:first-child")
        browser.wait("document.querySelector('#heard').innerText === '1 of 2 of the sample heard'")
        browser.value("document.querySelector('#approve').click()")
        browser.wait("document.querySelector('#problem').innerText.startsWith('Say why')")
        assert browser.value("document.activeElement.id") == "reason"
        assert site.store.campaign("spring").state == "proofed"
        write(browser, "#reason", "both sound right")
        browser.value("document.querySelector('#approve').click()")
        browser.wait("document.querySelector('#state').innerText === 'running'")
        assert browser.value("document.querySelector('#approve').hidden")
        assert not browser.value("document.querySelector('#pause').hidden")
        assert browser.problems == []
    (event,) = [one for one in site.store.events("spring") if one.kind == "approved"]
    assert (event.reason, event.actor) == ("both sound right", "key anonymous")


@pytest.mark.slow
def test_what_needs_review_is_heard_and_accepted_by_the_keyboard(
    site: CampaignSite, here: TestClient, service: FakeSpeechService
) -> None:
    site.bad = ("Siobhan", "Ben")
    address = spoken_campaign(site, here, {})
    with opened(site, service) as browser:
        assert browser.value("document.querySelectorAll('#sentences li').length") == 1
        assert here.post(f"{address}/approve", json={"reason": "ok"}).status_code == 200
        site.work("spring")
        browser.wait("document.querySelectorAll('#sentences li').length === 2")
        assert text_of(browser, "#sentences .wrong") == (
            "a value was heard otherwise; there is noise"
        )
        browser.press("j")
        browser.press("j")
        browser.press("k")
        browser.wait("document.querySelector('#sentences li:first-child.at') !== null")
        browser.press("p")
        browser.wait("document.querySelector('#sentences li:first-child audio')?.ended === true")
        browser.press("a")
        browser.wait("document.querySelector('#review-problem').innerText.startsWith('Say why')")
        browser.call("Input.insertText", text="it is her name: jap")
        browser.value("document.querySelector('#sentences li:first-child button').focus()")
        browser.press("a")
        browser.wait("document.querySelectorAll('#sentences li').length === 1")
        browser.wait("document.querySelector('#state').innerText === 'running'")
        assert browser.problems == []
    (event,) = [one for one in site.store.events("spring") if one.kind == "reviewed"]
    assert event.reason == "it is her name: jap"


@pytest.mark.slow
def test_names_are_never_markup_and_what_fails_is_told(
    site: CampaignSite, here: TestClient, service: FakeSpeechService
) -> None:
    here.put("/v1/campaigns/spring", json=FILE)
    send_list(here, {}, LIST.replace("r-1", MARKUP))
    site.plan("spring")
    here.post("/v1/campaigns/spring/start", json={})
    site.work("spring")
    with opened(site, service) as browser:
        assert MARKUP in text_of(browser, "#cells li:first-child")
        assert browser.value("document.images.length") == 0
        for file in (site.folder / "speech").rglob("*"):
            if file.is_file():
                file.unlink()
        browser.value("document.querySelector('#cells button').click()")
        browser.wait("document.querySelector('#cells li').innerText.includes('It was called back')")
        write(browser, "#reason", "no more")
        browser.value("document.querySelector('#cancel').click()")
        browser.wait("document.querySelector('#state').innerText === 'cancelled'")
        assert text_of(browser, "#why") == "no more"
        assert not any("Content Security Policy" in problem for problem in browser.problems)


@pytest.mark.slow
def test_a_key_is_asked_for_and_one_of_somebody_else_sees_nothing(
    site: CampaignSite, service: FakeSpeechService, keys: MemoryKeys
) -> None:
    rights = {"rights": ["campaigns"], "now": utc_now()}
    mine, other = keys.issue(**rights), keys.issue(**rights)
    app = create_app(service, keys=keys, version="1", campaigns=OpenCampaigns(service=site.service))
    with TestClient(app) as client:
        spoken_campaign(site, client, mine)
    with live_server(app) as port, chromium() as browser:
        browser.open(f"http://{HOST}:{port}/campaigns/spring")
        browser.wait("document.querySelector('#key-form')?.hidden === false")
        browser.call("Input.insertText", text=other["Authorization"].removeprefix("Bearer "))
        browser.press("Enter")
        browser.wait("document.querySelector('#fault').innerText.includes('there is none')")
        assert browser.value("document.querySelector('#campaign').hidden")
        browser.value("document.querySelector('#change-key').click()")
        token = mine["Authorization"].removeprefix("Bearer ")
        browser.call("Input.insertText", text=token)
        browser.press("Enter")
        browser.wait("document.querySelector('#campaign').hidden === false")
        assert token not in browser.value("document.documentElement.outerHTML + location.href")
        assert browser.value("localStorage.length + sessionStorage.length") == 0


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_a_phone_and_a_desk(
    site: CampaignSite, here: TestClient, service: FakeSpeechService, width: int
) -> None:
    site.bad = ("Ben",)
    spoken_campaign(site, here, {})
    with opened(site, service) as browser:
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=800, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        assert browser.value("document.documentElement.scrollWidth") <= width
