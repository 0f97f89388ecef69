"""The page of a verdict: the same bytes for the same case, nothing from outside, nothing silent."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.chromium import chromium
from tests.fakes.evidence import make_evidence
from tests.fakes.reported import DIGEST, HOSTILE, make_bundle, make_case, make_surroundings
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.bundle import Bundle
from voxgate.gate.verdict import judge
from voxgate.reporting.document import Changes, Clip, PromptText, Surroundings
from voxgate.reporting.page import render_page


@cache
def _page() -> str:
    bundle = make_bundle()
    return render_page(bundle, make_surroundings(bundle))


def _text(page: str) -> str:
    """Return what a reader sees, on one line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_same_case_gives_the_same_bytes() -> None:
    bundle = make_bundle()
    assert render_page(bundle, make_surroundings(bundle)) == _page()


def test_the_ruling_and_every_criterion_are_said() -> None:
    verdict = judge(make_case())
    shown = _text(_page())
    assert re.search(rf"<h1>{verdict.decision}</h1>", _page())
    assert [c.code for c in verdict.criteria if c.message not in shown] == []
    assert len(verdict.criteria) > 20


def test_nothing_is_fetched_from_anywhere() -> None:
    targets = re.findall(r"""\b(?:src|href|action|url)\s*[=(]\s*["']?([^"'>\s)]+)""", _page())
    assert [t for t in targets if not t.startswith(("#", "data:"))] == []
    assert "<script" not in _page()
    assert "http:" not in _page()
    assert "https:" not in _page()


def test_its_policy_allows_its_own_style_and_data_only() -> None:
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', html.unescape(_page()))[0]
    style = re.findall(r"<style>(.*?)</style>", _page(), re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; media-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert " style=" not in _page()


def test_whatever_others_wrote_is_text_and_never_markup() -> None:
    case = make_case()
    rows = tuple(
        replace(row, transcript=HOSTILE, prompt_class=HOSTILE, catastrophes=(HOSTILE,))
        for row in case.challenger.rows
    )
    voice = {"checkpoint": HOSTILE, "digest": HOSTILE}
    selection = {"rule": HOSTILE, "chosen": HOSTILE, "checkpoints": [{HOSTILE: HOSTILE}]}
    challenger = replace(case.challenger, rows=rows, model=voice, selection=selection)
    bundle = Bundle(case=replace(case, challenger=challenger), digest=DIGEST)
    base = make_surroundings(bundle)
    assert base.decision is not None
    around = replace(
        base,
        prompts={row.prompt_id: PromptText(text=HOSTILE, words=(HOSTILE,)) for row in rows},
        clips={key: replace(clip, words=(HOSTILE,)) for key, clip in base.clips.items()},
        reference=Clip(missing=HOSTILE),
        changes=Changes(
            since=HOSTILE, data=(HOSTILE,), params=((HOSTILE, HOSTILE, HOSTILE),), code=(HOSTILE,)
        ),
        decision=replace(
            base.decision,
            model=HOSTILE,
            state=HOSTILE,
            approvers=HOSTILE,
            history=(HOSTILE,),
            commands=((HOSTILE, HOSTILE),),
        ),
        origin=((HOSTILE, HOSTILE),),
        missing=(HOSTILE,),
    )
    page = render_page(bundle, around)
    assert "<script" not in page
    assert "49" not in re.findall(r"<title>(.*?)</title>", page)[0]
    assert page.count("&lt;script&gt;") > 100


def test_what_could_not_be_had_is_said() -> None:
    shown = _text(_page())
    assert "a piece that could not be had" in shown
    assert "the recording is not in the registry" in shown


def test_a_bundle_alone_gives_a_page_that_says_what_it_lacks() -> None:
    shown = _text(render_page(make_bundle(), Surroundings()))
    assert "no reference clip was given to this report" in shown
    assert shown.count("the recording was not given to this report") == 40
    assert "the text of the prompt is not in the bundle" in shown
    assert "The report was made of a bundle alone" in shown
    assert "There is no earlier version to compare with" in shown


def test_each_measure_of_sound_has_its_picture_with_words() -> None:
    titles = re.findall(r'<title id="spread-\d+-t">(.*?)</title>', _page())
    assert [html.unescape(title) for title in titles[2:]] == [m.title for m in CATALOGUE]
    assert len(re.findall(r'role="img" aria-labelledby', _page())) == _page().count("<svg")
    described = re.findall(r'<desc id="spread-3-d">(.*?)</desc>', _page())[0]
    assert re.search(r"challenger .*; champion .*; gold .*; real recordings ", described)


def test_sound_that_nobody_measured_is_named_and_not_drawn() -> None:
    bundle = make_bundle(sound=False)
    page = render_page(bundle, make_surroundings(bundle))
    assert len(re.findall(r'<title id="spread-\d+-t">', page)) == 2
    assert f"not measured in this evidence: {CATALOGUE[0].title}" in _text(page)


def test_evidence_that_is_not_believed_has_a_page_without_figures() -> None:
    case = replace(make_case(), challenger=make_evidence(consent_scope=None))
    page = render_page(Bundle(case=case, digest=DIGEST), Surroundings())
    assert "<h1>HOLD</h1>" in page
    assert "None was computed: the evidence cannot be trusted." in _text(page)


def test_measures_that_are_no_numbers_break_no_page() -> None:
    case = make_case()
    broken = tuple(
        replace(row, word_errors="x", ref_words=None, similarity=float("nan"), duration_s="y",
                transcript=7, sound={"pace": "fast"})  # type: ignore[arg-type]
        for row in case.challenger.rows
    )  # fmt: skip
    voice = replace(case.challenger, rows=broken, ceiling={"similarities": 3, "sound": 4})
    alone = replace(case, challenger=voice)
    assert "<h1>HOLD</h1>" in render_page(Bundle(case=alone, digest=DIGEST), Surroundings())
    rival = replace(case, rivals={"champion": voice})
    page = render_page(Bundle(case=rival, digest=DIGEST), Surroundings())
    assert "no figures of the champion: " in _text(page)


def test_a_rival_that_is_not_believed_is_said_to_have_no_figures() -> None:
    case = make_case()
    silent = replace(case.rivals["champion"], self_test={"passed": False, "checks": []})
    case = replace(case, rivals={**case.rivals, "champion": silent})
    shown = _text(render_page(Bundle(case=case, digest=DIGEST), Surroundings()))
    assert "no figures of the champion: the instruments failed their self-test" in shown


def test_differences_of_words_are_marked() -> None:
    assert "<del>moved</del> <ins>moot</ins>" in _page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_and_plays_it_from_disk(tmp_path: Path, scheme: str) -> None:
    """Set VOXGATE_SCREENSHOT to a folder to keep what it looks like."""
    path = tmp_path / "verdict.html"
    path.write_text(_page(), encoding="utf-8")
    with chromium() as browser:
        browser.call("Network.enable")
        browser.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        browser.open(path.as_uri())
        browser.wait("document.readyState === 'complete'")
        browser.wait("[...document.querySelectorAll('audio')].every(a => a.readyState >= 1)")
        audio = "[...document.querySelectorAll('audio')]"
        durations = json.loads(browser.value(f"JSON.stringify({audio}.map(a => a.duration))"))
        asked = json.loads(
            browser.value(
                "JSON.stringify(performance.getEntriesByType('resource').map(r => r.name))"
            )
        )
        keep = Path(os.environ.get("VOXGATE_SCREENSHOT", tmp_path))
        browser.screenshot(keep / f"verdict_{scheme}.png", width=1200, height=1400)
        background = browser.value("getComputedStyle(document.body).backgroundColor")
        browser.screenshot(tmp_path / "phone.png", width=390, height=800)
        overflow = browser.value("document.documentElement.scrollWidth > innerWidth")
        problems = browser.problems
    assert problems == []
    assert [url for url in asked if not url.startswith("data:")] == []
    assert len(durations) == 40
    assert min(durations) > 1
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 22, 27)"}[scheme]
    assert overflow is False
