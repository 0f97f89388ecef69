"""The service's page: what it is sent with, and what a person does with it in a real browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.fakes.chromium import Browser, chromium
from tests.fakes.http_service import ANONYMOUS, MemoryKeys, anonymous_app
from tests.fakes.live_server import HOST, live_server
from tests.fakes.speech_service import MODEL, FakeSpeechService
from voxgate.adapters.http.app import create_app
from voxgate.adapters.http.settings import HttpSettings
from voxgate.clock import utc_now
from voxgate.errors import OverloadedError, WorkerLostError

WATCH_PLAYING = """
    window.played = [];
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (at) {
      const whole = !document.querySelector("#answer").hidden;
      const { duration, sampleRate } = this.buffer;
      window.played.push({ at, seconds: duration, rate: sampleRate, whole });
      return start.call(this, at);
    };
"""
MARKUP = "<img src=x onerror=alert(1)>"


def test_the_page_brings_everything_that_it_needs(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    names = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    script = client.get("/page/page.js").text
    names += [f"page/{name}" for name in re.findall(r'from "\./([^"]+)"', script)]
    assert len(names) == 6
    for text in (page.text, *(client.get(f"/{name}").text for name in names)):
        assert not re.search(
            r"https?://|//cdn|@import|innerHTML|style=|\son\w+=|localStorage", text
        )


def test_it_may_load_and_run_nothing_else(remote: TestClient) -> None:
    for path in ("/", "/page/page.js", "/page/sound.js", "/page/page.css", "/page/base.css"):
        answer = remote.get(path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers
    for path in ("/page", "/page/", "/page/page.html", "/page/../app.py", "/page/%2e%2e/app.py"):
        assert remote.get(path).status_code == 404


def test_who_needs_a_key_is_told_by_the_page_itself(
    client: TestClient, remote: TestClient, keys: MemoryKeys
) -> None:
    assert 'data-key="optional"' in client.get("/").text
    assert 'data-key="needed"' in remote.get("/").text
    assert 'data-key="optional"' in remote.get("/", headers=keys.issue()).text


# ------------------------------------------------------------------------------------ in a browser


@dataclass
class OddService(FakeSpeechService):
    """Tells of itself what would be markup, if it were taken for that."""

    degraded: tuple[str, ...] = (MARKUP,)


class Unreleased(FakeSpeechService):
    """Serves a model of which nothing is live."""

    def models(self) -> Sequence[Mapping[str, Any]]:
        return [{"id": MODEL, "live": None, "why_not": "no version has been promoted"}]


@contextmanager
def opened(service: FakeSpeechService, settings: HttpSettings = ANONYMOUS) -> Iterator[Browser]:
    with live_server(anonymous_app(service, settings)) as port, chromium() as browser:
        browser.open(f"http://{HOST}:{port}/")
        browser.wait("document.querySelector('#service')?.hidden === false")
        yield browser


def text_of(browser: Browser, selector: str) -> str:
    return str(browser.value(f"document.querySelector({selector!r}).innerText"))


def type_and_speak(browser: Browser, text: str) -> None:
    browser.value(
        "document.querySelector('#text').value = ''; document.querySelector('#text').focus()"
    )
    browser.call("Input.insertText", text=text)
    browser.value("document.querySelector('#speak').focus()")
    browser.press("Enter")


@pytest.mark.slow
def test_a_person_sees_the_lanes_and_hears_a_sentence(service: FakeSpeechService) -> None:
    service.pause_s = 0.1
    with opened(service) as browser:
        assert text_of(browser, "#state") == "ready"
        assert text_of(browser, "#degraded-list") == "redis"
        assert [row.split("\t") for row in text_of(browser, "#lanes").splitlines()] == [
            ["", "real time", "batch"],
            ["Workers warm", "2 of 2", "0 of 1"],
            ["Warm and spare", "1", "0"],
            ["At work", "1", "0"],
            ["Waiting", "2", "0"],
            ["Longest wait", "500 ms", "–"],
        ]
        assert text_of(browser, "#live tbody").split("\t")[:2] == ["voice-en", "7"]
        assert browser.value("[...document.querySelector('#voice').options].map(o => o.value)") == [
            "default", "anna", "ben",
        ]  # fmt: skip
        browser.value("document.querySelector('#voice').value = 'ben'")
        browser.value("document.querySelector('#preset').value = 'telephone@1'")
        type_and_speak(browser, "Good morning. How are you.")
        browser.wait("document.querySelector('#audio').duration > 0")
        assert browser.value("document.querySelector('#audio').duration") == pytest.approx(0.5)
        facts = text_of(browser, "#facts").splitlines()
        told = dict(zip(facts[::2], facts[1::2], strict=True))
        assert told["Model"] == "voice-en@7"
        assert told["Preset"].startswith("telephone:")
        assert told["Seed"] == "11"
        assert told["Cache"] == "miss: made for this"
        assert re.fullmatch(r"\d+ ms|\d+\.\d s", told["First byte"])
        assert told["Whole"].endswith("for 0.5 s of audio")
        browser.wait(
            "document.querySelector('#recent tbody').innerText.startsWith('Answers\\t1\\n')"
        )
        browser.wait(
            "document.querySelector('#requests tbody').innerText.startsWith('spoken\\t1\\t0')"
        )
        assert browser.value("document.querySelector('#problem').hidden")
        assert browser.problems == []
    request, _ = service.asked[0]
    assert (request.text, request.profile) == ("Good morning. How are you.", "ben")


@pytest.mark.slow
def test_voices_that_come_and_go_are_offered_while_the_page_is_open(
    service: FakeSpeechService,
) -> None:
    offered = "[...document.querySelector('#voice').options].map(o => o.innerText).join('; ')"
    with opened(service) as browser:
        assert browser.value(offered) == "the model’s own; anna, good; ben, poor"
        browser.value("document.querySelector('#voice').value = 'ben'")
        service.voices = {"ben": "stale", "carla": None}
        browser.wait(f"{offered} === 'the model’s own; ben, stale; carla'")
        assert browser.value("document.querySelector('#voice').value") == "ben"
        assert browser.value("document.querySelector('#problem').hidden")
        service.voices = {"carla": "unmeasured"}
        browser.wait(f"{offered} === 'the model’s own; carla, unmeasured'")
        assert text_of(browser, "#problem") == "The voice ben is not offered any more."
        assert browser.problems == []


@pytest.mark.slow
def test_it_plays_while_it_arrives_without_gaps(service: FakeSpeechService) -> None:
    service.pause_s, service.sentence_s = 0.2, 1.0
    with opened(service) as browser:
        browser.value(WATCH_PLAYING)
        type_and_speak(browser, "One. Two. Three.")
        browser.wait("document.querySelector('#audio').duration > 0")
        played = browser.value("window.played")
        assert browser.value("document.querySelector('#stop').hidden") is False
        browser.wait("document.querySelector('#stop').hidden")
        type_and_speak(browser, "One. Two. Three.")
        browser.wait("document.querySelector('#answer').hidden === false")
        browser.value("document.querySelector('#stop').click()")
        assert browser.value("document.querySelector('#stop').hidden")
    assert sum(part["seconds"] for part in played) == pytest.approx(3.0)
    assert {part["rate"] for part in played} == {16_000}
    assert not any(part["whole"] for part in played)
    for before, after in itertools.pairwise(played):
        assert after["at"] == pytest.approx(before["at"] + before["seconds"])


@pytest.mark.slow
def test_what_goes_wrong_is_told_in_words_and_never_as_markup() -> None:
    service = OddService()
    with opened(service) as browser:
        assert text_of(browser, "#degraded-list") == MARKUP
        type_and_speak(browser, " ")
        assert text_of(browser, "#problem") == "Type what is to be said."
        service.fault = OverloadedError(f"8 wait {MARKUP}", retry_after_s=1)
        type_and_speak(browser, "Good morning.")
        browser.wait("document.querySelector('#problem').innerText.startsWith('8 wait <img')")
        service.fault, service.broken_by = None, WorkerLostError("dead")
        type_and_speak(browser, "One. Two. Three.")
        browser.wait("document.querySelector('#problem').innerText.startsWith('The answer broke')")
        assert browser.value("document.querySelector('#answer').hidden")
        assert browser.value("document.images.length") == 0
        assert not any("Content Security Policy" in problem for problem in browser.problems)


@pytest.mark.slow
def test_the_browser_holds_the_page_to_its_policy(service: FakeSpeechService) -> None:
    with opened(service) as browser:
        browser.value(
            "window.blocked = []; document.addEventListener('securitypolicyviolation', "
            "(event) => window.blocked.push(event.effectiveDirective))"
        )
        for attempt in (
            "fetch('http://localhost:9/').catch(() => {})",
            "document.head.append(Object.assign(document.createElement('img'), {src: '/x.png'}))",
            "document.body.innerHTML = '<p onclick=alert(1)>'",
        ):
            browser.value(attempt)
        browser.wait("new Set(window.blocked).size === 3")
        assert set(browser.value("window.blocked")) == {
            "connect-src", "img-src", "require-trusted-types-for",
        }  # fmt: skip


@pytest.mark.slow
def test_while_nothing_is_live_it_says_why_and_offers_nothing() -> None:
    with opened(Unreleased(ready=False)) as browser:
        assert text_of(browser, "#state") == "not ready"
        assert text_of(browser, "#live tbody").split("\t") == [
            MODEL, "–", "no version has been promoted",
        ]  # fmt: skip
        assert browser.value("document.querySelector('#speak').disabled")
        assert browser.problems == []


@pytest.mark.slow
def test_stopping_ends_the_speaking(service: FakeSpeechService) -> None:
    service.pause_s = 0.1
    with opened(service) as browser:
        type_and_speak(browser, "One more. " * 200)
        browser.wait("!document.querySelector('#stop').hidden")
        browser.value("document.querySelector('#stop').click()")
        browser.wait("document.querySelector('#progress').innerText === ''")
        browser.wait("document.querySelector('#requests tbody').innerText.includes('left\\t1\\t')")
        assert browser.value("document.querySelector('#problem').hidden")
    assert service.left == 1


@pytest.mark.slow
def test_a_key_is_asked_for_and_kept_in_memory_only(
    service: FakeSpeechService, keys: MemoryKeys
) -> None:
    token = keys.issue(now=utc_now())["Authorization"].removeprefix("Bearer ")
    app = create_app(service, keys=keys, version="1.2.3")
    with live_server(app) as port, chromium() as browser:
        browser.open(f"http://{HOST}:{port}/")
        browser.wait("document.querySelector('#key-form')?.hidden === false")
        assert browser.value("document.activeElement.id") == "key"
        assert browser.value("document.querySelector('#service').hidden")
        assert browser.problems == []
        browser.call("Input.insertText", text="sk-of-another")
        browser.press("Enter")
        browser.wait("document.querySelector('#fault').innerText.includes('vg_')")
        browser.call("Input.insertText", text=token)
        browser.press("Enter")
        browser.wait("!document.querySelector('#service').hidden")
        type_and_speak(browser, "Good morning.")
        browser.wait("document.querySelector('#audio').duration > 0")
        assert browser.problems == []
        assert token not in browser.value("document.documentElement.outerHTML + location.href")
        assert browser.value("document.querySelector('#key').value") == ""
        assert browser.value("localStorage.length + sessionStorage.length") == 0
        assert browser.value("document.cookie") == ""
        keys.revoke(keys.all()[0].key_id, at=utc_now())
        browser.call("Page.reload")
        browser.wait("document.querySelector('#key-form')?.hidden === false")
    assert service.asked[0][1].key_id == keys.all()[0].key_id


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_a_phone_and_a_desk(service: FakeSpeechService, width: int) -> None:
    with opened(service) as browser:
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=800, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        assert browser.value("document.documentElement.scrollWidth") <= width


def test_without_anonymous_use_a_page_on_loopback_asks_for_a_key_too(
    service: FakeSpeechService, keys: MemoryKeys
) -> None:
    app = create_app(
        service, keys=keys, settings=replace(ANONYMOUS, allow_anonymous=False), version="1"
    )
    client = TestClient(app, base_url=f"http://{HOST}:8080", client=(HOST, 50_000))
    assert 'data-key="needed"' in client.get("/").text
