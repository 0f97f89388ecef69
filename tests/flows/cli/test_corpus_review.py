"""What an owner types to review clips, and the real server and browser behind it."""

from __future__ import annotations

import json
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.chromium import Browser, chromium
from tests.fakes.desk_page import HeldPage, hold
from tests.fakes.review_site import HOSTILE, TEXTS, create_review_site, publish_spoken
from voxgate.corpus.cutting.decisions import DECISIONS_FILE, read_decisions
from voxgate.corpus.manifest import read_manifest
from voxgate.stage import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_review_site(tmp_path / "checkout")


@contextmanager
def _reviewing(workspace: Workspace) -> Iterator[HeldPage]:
    with hold("corpus", "review", "--root", workspace.root) as page:
        yield page


def _lines(workspace: Workspace) -> list[dict[str, Any]]:
    text = (workspace.data_dir / DECISIONS_FILE).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_without_an_import_there_is_nothing_to_review(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").touch()
    result = CliRunner().invoke(app, ["corpus", "review", "--root", str(tmp_path)])
    assert "expected clips of an imported recording, found none" in str(result.exception)


@pytest.mark.slow
def test_a_decision_outlives_the_server_that_took_it(workspace: Workspace) -> None:
    with _reviewing(workspace) as page:
        assert page.greeting.startswith("3 doubtful clips (0 decided) and 2 kept ones for ")
        request = urllib.request.Request(
            f"{page.url}clips/0/decision",
            data=json.dumps({"decision": "accept", "seen": 0, "text": "as it was"}).encode(),
            headers={"Content-Type": "application/json", "Origin": page.origin},
        )
        with urllib.request.urlopen(request) as response:
            assert json.load(response)["states"][:2] == ["accept", "open"]
        page.process.kill()
    (decision,) = read_decisions(workspace.data_dir).values()
    assert (decision.text, decision.accepted) == ("as it was", True)


@pytest.mark.slow
def test_a_review_in_a_browser_by_keyboard_alone(workspace: Workspace) -> None:
    """Hears, corrects, trims, accepts, rejects, takes back; what others wrote is only text."""
    with chromium() as browser, _reviewing(workspace) as page:
        browser.open(page.url)
        _wait_for(browser, 0)
        assert _text(browser, "#position") == "1 of 3, 0 decided"
        assert _text(browser, "#reasons strong") == "Passes differ"
        assert _text(browser, "#where") == "talk <i>1</i>.wav, 0:01.60 to 0:03.20"

        browser.press(" ")
        browser.wait("document.body.dataset.playing === '0'")
        for ahead in (1, 2):
            browser.wait(
                "performance.getEntriesByType('resource').some(({name, responseEnd}) => "
                f"responseEnd && name.endsWith('clips/{ahead}/audio.flac'))"
            )
        browser.press("ArrowRight")
        browser.press("ArrowRight")
        browser.press("ArrowLeft", shift=True)
        assert _text(browser, "#left").startswith("1.54 s of 1.60 s are left")
        browser.press("e")
        browser.value("document.querySelector('#text').select()")
        browser.call("Input.insertText", text="This one, corrected.")
        browser.press("Enter")
        browser.wait("document.body.dataset.playing === '1'")
        _wait_for(browser, 1)
        assert "about" in _text(browser, "#pace") or "less than" in _text(browser, "#pace")

        assert browser.value("document.querySelector('#text').value") == f"{HOSTILE} speaks"
        browser.press("r")
        _wait_for(browser, 2)
        assert "<b>9 dB</b>" in _text(browser, "#reasons")
        browser.press("u")
        _wait_for(browser, 1)
        assert browser.value("document.querySelector('#verdict').hidden")
        browser.press("r")
        _wait_for(browser, 2)
        browser.press("a")
        browser.wait("!document.querySelector('#done').hidden")
        assert _text(browser, "#done-title") == "All doubtful clips are decided"
        assert browser.value("document.querySelectorAll('img, i, b').length") == 0
        assert browser.problems == []
        page.process.send_signal(signal.SIGINT)
        output, _ = page.process.communicate(timeout=30)
    assert "accepted 2, rejected 1, doubtful and open 0; the manifest follows" in output
    lines = _lines(workspace)
    assert [line["decision"] for line in lines] == ["accept", "reject", "undo", "reject", "accept"]
    assert lines[0]["text"] == "This one, corrected."
    assert lines[0]["trim_ms"] == [40, 1580]
    assert lines[0]["was"] == {"status": "doubtful", "text": "this one is doubtful"}
    texts = [recording.text for recording in read_manifest(workspace.manifest)]
    assert len(texts) == 4
    assert "This one, corrected." in texts


@pytest.mark.slow
def test_edges_are_dragged_and_what_no_longer_fits_is_listed(workspace: Workspace) -> None:
    with chromium() as browser:
        with _reviewing(workspace) as page:
            browser.open(page.url)
            _wait_for(browser, 0)
            box = browser.value(
                "JSON.stringify(document.querySelector('#wave').getBoundingClientRect())"
            )
            wave = json.loads(box)
            y = wave["y"] + 20
            browser.drag((wave["x"] + 1, y), (wave["x"] + wave["width"] / 4, y))
            browser.wait("document.querySelector('#edge-start').ariaValueNow === '400'")
            assert "The edges touch “this”" in _text(browser, "#left")
            browser.press("a")
            _wait_for(browser, 1)
            browser.press("v")
            assert _text(browser, "#position") == "2 of 5, 1 decided"
            browser.press("p")
            _wait_for(browser, 0)
            assert _text(browser, "#verdict").startswith("Accepted by ")
            assert browser.value("document.querySelector('#edge-start').ariaValueNow") == "400"
            browser.press("n")
            _wait_for(browser, 1)
            publish_spoken(workspace, TEXTS, room_s=0.3)
            browser.press("a")
            browser.wait("!document.querySelector('#problem').hidden")
            assert "was imported anew while this page was open" in _text(browser, "#problem")
        (refusal,) = browser.problems  # a browser notes every answer that is an error
        assert "409" in refusal
        with _reviewing(workspace) as page:
            browser.open(page.url)
            _wait_for(browser, 0)
            assert _text(browser, "#misfits-title") == "1 decision no longer fits"
            assert "000001600-000003200" in _text(browser, "#misfit-rows")
            assert browser.problems == [refusal]


def _wait_for(browser: Browser, number: int) -> None:
    browser.wait(f"document.querySelector('#clip')?.dataset.ready === '{number}'")


def _text(browser: Browser, selector: str) -> str:
    return str(browser.value(f"document.querySelector({selector!r}).textContent"))
