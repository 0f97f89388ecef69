"""The report for people: everything that others wrote is text in it, and nothing is fetched."""

from __future__ import annotations

import json
import os
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.campaign_outputs import HOSTILE, make_campaign, make_writer
from tests.fakes.chromium import chromium
from voxgate.campaigns.output.pages import render_markdown, render_page
from voxgate.campaigns.transitions import pause

NONE = "'none'"
BIDI = "\u202egnp.exe"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("output")
    return make_writer(make_campaign(place), place).write(actor=f"{HOSTILE}{BIDI}").folder


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return found


def test_whatever_others_wrote_is_text_and_never_markup(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)") > 5


def test_nothing_is_fetched_and_no_script_can_run(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    targets = re.findall(r"""\b(?:src|href|action)\s*=\s*["']?([^"'>\s]+)""", page)
    assert [one for one in targets if not one.startswith(("#", "data:"))] == []
    assert f'content="default-src {NONE}; style-src ' in page
    assert "media-src data:; " in page


def test_a_table_of_markdown_keeps_its_columns(folder: Path) -> None:
    text = (folder / "report.md").read_text()
    assert "<script" not in text
    for line in text.splitlines():
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            assert cells in {2, 3, 5, 6}, line
    assert r"=cmd\|" in text


def test_hidden_characters_are_shown_in_every_form(tmp_path: Path) -> None:
    store = make_campaign(tmp_path)
    make_writer(store, tmp_path).write(actor=BIDI)
    store.accept_reviewed("spring", "hello-Wendy", actor="bob", reason=f"{BIDI}\nheard")
    store.change("spring", partial(pause, actor="bob", reason=BIDI))
    folder = make_writer(store, tmp_path).write(actor="anna").folder
    for name in ("report.json", "report.md", "report.html"):
        text = (folder / name).read_text()
        assert "\u202e" not in text
        assert "u202egnp.exe" in text


def test_a_page_of_a_draft_says_that_there_is_nothing(report: dict[str, Any]) -> None:
    empty = {
        **report,
        "state": "draft",
        "cells": {},
        "cells_total": 0,
        "rejected": [],
        "failed": [],
        "review": [],
        "worst": [],
        "pinned": None,
        "durations": {"total_s": 0.0},
        "quality": {**report["quality"], "states": {}, "tries": {}, "faults": {}, "figures": {}},
        "work": {**report["work"], "wall_s": None, "cells_an_hour": None, "audio_s_a_core_s": None},
    }
    page, text = render_page(empty, {}), render_markdown(empty)
    assert "There are no cells yet." in page
    assert "Nothing is pinned before it is planned." in page
    assert "Nothing was spoken yet." in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_and_plays_the_worst(
    folder: Path, report: dict[str, Any], tmp_path: Path, scheme: str
) -> None:
    """Set VOXGATE_SCREENSHOT to a folder to keep what it looks like."""
    with chromium() as browser:
        browser.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        browser.open((folder / "report.html").as_uri())
        browser.wait("document.readyState === 'complete'")
        audio = "[...document.querySelectorAll('audio')]"
        browser.wait(f"{audio}.every(a => a.readyState >= 1)")
        durations = json.loads(browser.value(f"JSON.stringify({audio}.map(a => a.duration))"))
        first = browser.value("document.querySelector('.sample .id').textContent")
        keep = Path(os.environ.get("VOXGATE_SCREENSHOT", tmp_path))
        browser.screenshot(keep / f"campaign_{scheme}.png", width=1200, height=1400)
        background = browser.value("getComputedStyle(document.body).backgroundColor")
        browser.screenshot(tmp_path / "phone.png", width=390, height=800)
        overflow = browser.value("document.documentElement.scrollWidth > innerWidth")
        problems = browser.problems
    assert problems == []
    assert len(durations) == len(report["worst"]) == 4
    assert min(durations) > 0.5
    assert first == "hello-Wendy"
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 22, 27)"}[scheme]
    assert overflow is False
