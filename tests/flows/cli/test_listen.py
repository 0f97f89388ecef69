"""What the release engineer types to listen, and the real server behind it."""

from __future__ import annotations

import json
import re
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from flows.reports.run import print_summary
from flows.reports.summary import summarise
from tasks.release.approve import approve
from tests.fakes.chromium import Browser, chromium
from tests.fakes.desk_page import HeldPage, hold
from tests.fakes.listening_site import MIN_VOTES, add_voice, create_listening_site, enter_room
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.release.listening.room import Answer
from voxgate.wiring.checkout import Checkout


@pytest.fixture
def site(mlflow_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseSite]:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", mlflow_uri)
    with memory_folder() as folder:
        site = create_listening_site(folder / "checkout", mlflow_uri)
        site.judge(add_voice(site, 1))
        approve(site.desk, 1, by="anna", reason="first")
        site.judge(add_voice(site, 2), verdict="INCONCLUSIVE")
        yield site


def _call(site: ReleaseSite, *words: object) -> str:
    result = CliRunner().invoke(app, [*map(str, words), "--root", str(site.root)])
    assert result.exception is None
    return result.output


def _vote(site: ReleaseSite, number: int, choice: Any) -> None:
    enter_room(site, 2).vote(number, Answer(choice=choice))


def test_votes_are_counted_for_people_and_scripts(site: ReleaseSite) -> None:
    assert _call(site, "votes", 2) == (
        "version 2: no votes yet; `voxgate listen 2 --by YOU` takes them\n"
    )
    for number in range(MIN_VOTES):
        _vote(site, number, "same")
    text = _call(site, "votes", 2)
    assert "version 2 beside version 1: 5 prompts, better 0, worse 0, no difference 5" in text
    assert "  anna         5 prompts" in text
    assert "  outcome      no worse: lost on at most 52.2 points more" in text
    document = json.loads(_call(site, "votes", 2, "--json"))
    assert (document["outcome"], document["count"]["same"]) == ("no_worse", 5)
    _vote(site, 0, "a")
    assert "  not counted  1 changed after the reveal, 0 by whoever" in _call(site, "votes", 2)


def test_ratings_of_a_version_alone_are_counted(mlflow_uri: str, tmp_path: Path) -> None:
    site = create_listening_site(tmp_path / "alone", mlflow_uri)
    add_voice(site, 1)
    enter_room(site, 1).vote(0, Answer(rating=4))
    text = _call(site, "votes", 1)
    assert text.startswith("version 1 alone: 1 ratings, mean 4.00 of 5\n")
    assert "not settled: rated alone" in text


def test_status_and_the_audit_show_the_votes(
    site: ReleaseSite, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout = Checkout.open(site.root)
    print_summary(summarise(checkout))
    before = capsys.readouterr().out
    assert "voxgate listen 2 --by YOU" in before
    assert "votes  " not in before
    for number in range(MIN_VOTES):
        _vote(site, number, "same")
    print_summary(summarise(checkout))
    shown = capsys.readouterr().out
    assert "votes         version 2 beside version 1, by anna: no worse: lost on at" in shown
    approve(site.desk, 2, by="bob", reason="no difference to hear")
    at = _call(site, "audit", "at", site.desk.ledger.rows()[-1].at)
    assert re.search(r"votes      [0-9a-f]{64} beside version 1, by anna: better 0, worse 0", at)
    assert "voted" not in at
    assert _call(site, "audit", "log").count("voted ") == MIN_VOTES


@contextmanager
def _listening(site: ReleaseSite) -> Iterator[HeldPage]:
    with hold("listen", 2, "--by", "anna", "--root", site.root) as page:
        assert page.greeting == "version 2 beside version 1, blind: 5 prompts for anna"
        yield page


@pytest.mark.slow
def test_a_vote_outlives_the_server_that_took_it(site: ReleaseSite) -> None:
    with _listening(site) as page:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{43}/", page.url)
        request = urllib.request.Request(
            f"{page.url}trials/0/vote",
            data=json.dumps({"choice": "a", "note": "less hum"}).encode(),
            headers={"Content-Type": "application/json", "Origin": page.origin},
        )
        with urllib.request.urlopen(request) as response:
            assert json.load(response)["reveal"]["side"] == 0
        page.process.kill()
    row = site.desk.ledger.rows()[-1]
    assert (row.kind, json.loads(row.facts)["note"]) == ("voted", "less hum")
    assert enter_room(site, 2).overview()["voted"][0]


@pytest.mark.slow
def test_the_page_in_a_browser_by_keyboard_alone(site: ReleaseSite) -> None:
    """Hears both, votes, sees what was which, and ends at the result."""
    with chromium() as browser, _listening(site) as page:
        browser.open(page.url)
        browser.wait("document.querySelectorAll('audio[src]').length === 2")
        assert browser.value("document.querySelector('#choices button').disabled")
        text = browser.value("document.body.innerText")
        assert "heard 1" not in text
        for number in range(MIN_VOTES):
            _hear_both(browser)
            browser.press("2")
            browser.wait("!document.querySelector('#reveal').hidden")
            assert browser.value("document.querySelector('#reveal-title').innerText") == (
                "You heard no difference"
            )
            cells = browser.value("document.querySelector('#reveal-rows tr').innerText")
            assert {"heard 1", "heard 2"} <= set(cells.split("\t"))
            if number + 1 < MIN_VOTES:
                browser.press("Enter")
                browser.wait("document.querySelectorAll('#choices button:disabled').length === 3")
        browser.press("Enter")
        browser.wait("!document.querySelector('#result').hidden")
        assert browser.value("document.querySelector('#result-title').innerText") == (
            "Version 2 is no worse than version 1"
        )
        assert browser.problems == []
        page.process.send_signal(signal.SIGINT)
        output, _ = page.process.communicate(timeout=30)
    assert "outcome      no worse" in output
    assert sum(row.kind == "voted" for row in site.desk.ledger.rows()) == MIN_VOTES


def _hear_both(browser: Browser) -> None:
    browser.wait("document.querySelectorAll('audio[src]').length === 2")
    for number, key in enumerate("ab"):
        browser.press(key)
        browser.wait(f"document.querySelectorAll('audio')[{number}].played.length > 0")
