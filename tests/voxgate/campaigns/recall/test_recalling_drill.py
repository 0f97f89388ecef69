"""The drill: a bad version in a half-run campaign, and nothing of it stays reachable."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.recall_site import (
    BAD,
    BAD_VERSION,
    GOOD,
    MODEL,
    Killed,
    Killer,
    RecallSite,
    asset_of,
)
from voxgate.campaigns.events import Kind
from voxgate.campaigns.recall.recalling import Recalled, recall, recall_folder
from voxgate.campaigns.records import CampaignState, CellState, SentenceState

REASON = "it hisses"


@dataclass(frozen=True)
class Drill:
    """A prepared site: `bad` and `good` are files by id, each with an address that is good."""

    bad: dict[str, str]
    good: dict[str, str]
    fetched: list[tuple[str, str]]
    """(recipient, file) of the bad ones that were fetched, jobs without a recipient."""


def _prepare(folder: Path) -> Drill:
    """Half of a campaign of the bad version, all of another one that shares it, and a good one."""
    site = RecallSite(folder)
    site.plan("spring", ["Al", "Bo", "Al", "Cy", "Di", "=Ed"], version=BAD)
    for options in ({"limit": 4}, {"render_limit": 3}):
        claim = site.claim("spring", **options)
        assert claim is not None
        site.settle(claim)
    site.plan("autumn", ["Al", "Bo"], version=BAD)
    site.run("autumn")
    site.plan("winter", ["Al", "Bo"], version=GOOD, prefix="good-")
    site.run("winter")
    _, bad_job = site.job(1, version=BAD)
    _, good_job = site.job(2, version=GOOD)
    stored = {"spring": ["Al", "Bo", "Cy"], "autumn": ["Al", "Bo"], "winter": ["Al", "Bo"]}
    cells = {campaign: [asset_of(campaign, n) for n in of] for campaign, of in stored.items()}
    spoken = [asset_of(key) for key in ("visit", "hello-Al", "hello-Bo", "hello-Cy")]
    bad = [*cells["spring"], *cells["autumn"], *spoken, bad_job]
    good = [*cells["winter"], *(asset_of(f"good-{k}") for k in ("visit", "hello-Al")), good_job]
    drill = Drill(
        bad={asset: site.address(asset) for asset in bad},
        good={asset: site.address(asset) for asset in good},
        fetched=[
            ("r-1", asset_of("spring", "Al")),
            ("r-3", asset_of("spring", "Al")),
            ("r-2", asset_of("autumn", "Bo")),
            ("", bad_job),
        ],
    )
    heard = {asset: drill.bad[asset] for _, asset in drill.fetched}
    assert set(site.statuses(heard).values()) == {200}
    assert set(site.statuses({cells["winter"][0]: drill.good[cells["winter"][0]]}).values()) == {
        200
    }
    site.fetches.keep()
    return drill


@pytest.fixture(scope="module")
def prepared() -> Iterator[tuple[Path, Drill]]:
    with memory_folder() as folder:
        yield folder, _prepare(folder)


@pytest.fixture
def drill(prepared: tuple[Path, Drill]) -> Drill:
    return prepared[1]


@pytest.fixture
def folder(prepared: tuple[Path, Drill]) -> Iterator[Path]:
    with memory_folder() as copied:
        shutil.copytree(prepared[0], copied, dirs_exist_ok=True)
        yield copied


def _listed(site: RecallSite) -> list[tuple[str, str]]:
    text = (recall_folder(site.folder / "recalls", BAD_VERSION) / "fetched.csv").read_text()
    return [(row["recipient_id"], row["asset_id"]) for row in csv.DictReader(io.StringIO(text))]


def _call_back(site: RecallSite, **options: Any) -> Recalled:
    return recall(site.recall_tools(), BAD_VERSION, reason=REASON, **options)


def test_a_dry_run_says_what_a_recall_would_do_and_does_nothing(folder: Path, drill: Drill) -> None:
    site = RecallSite(folder)
    before = site.on_disk()
    found = _call_back(site, dry_run=True)
    assert found.campaigns == ("autumn", "spring")
    assert (found.now.cells, found.now.renders, found.now.sentences) == (6, 5, 4)
    assert (found.now.files, found.jobs, found.fetched_file_count) == (9, 1, 3)
    assert sorted(_listed(site)) == sorted(drill.fetched)
    assert set(site.statuses({**drill.bad, **drill.good}, "HEAD").values()) == {200}
    assert site.on_disk() == before
    assert (site.caches.purged, site.condemned, site.told) == ([], [], {})
    assert not [event for event in site.store.events() if event.kind is Kind.RECALLED]


def test_nothing_of_a_bad_version_stays_reachable(folder: Path, drill: Drill) -> None:
    site = RecallSite(folder)
    held = site.claim("spring", limit=1)
    assert held is not None, "the campaign is half run, and a worker has some of it"
    assert set(site.statuses({**drill.bad, **drill.good}, "HEAD").values()) == {200}
    expected = _call_back(site, dry_run=True)
    found = _call_back(site)
    assert (found.now, found.campaigns, found.jobs) == (
        expected.now, expected.campaigns, expected.jobs,
    )  # fmt: skip
    assert (found.faults, found.removed) == ([], expected.now.files)

    assert set(site.statuses(drill.bad).values()) == {410}
    assert set(site.statuses(drill.good).values()) == {200}
    assert not site.on_disk() & drill.bad.keys()
    assert site.on_disk() >= drill.good.keys()
    assert sorted(_listed(site)) == sorted(drill.fetched)
    # Nobody fetches it any more, so a later list is the same.
    site.fetches.keep()
    _call_back(site, dry_run=True)
    assert sorted(_listed(site)) == sorted(drill.fetched)

    for campaign in ("spring", "autumn"):
        assert site.store.campaign(campaign).state is CampaignState.RECALLED
        assert site.claim(campaign) is None
    assert site.store.campaign("winter").state is not CampaignState.RECALLED
    assert site.store.counts("spring").cells == {CellState.RECALLED: 4, CellState.CANCELLED: 2}
    assert list(site.settle(held).lost) == [one.key for one in held.sentences]

    site.plan("summer", ["Al"], version=BAD)
    assert site.store.spoken_before(["visit", "hello-Al"]) == {}
    assert site.store.counts("summer").sentences == {SentenceState.FAILED: 2}
    assert site.claim("summer") is None

    assert site.condemned == [(MODEL, BAD)]
    assert site.caches.purged == [("campaign-autumn", "campaign-spring")]
    [notice] = site.told.values()
    assert notice.subject.startswith("asset.recalled: ")
    assert "6 cells and 9 files of 2 campaigns (autumn, spring) and 1 speech jobs" in notice.text
    assert "3 of the files had been fetched" in notice.text


def _end(site: RecallSite, drill: Drill) -> dict[str, Any]:
    """Return everything that a recall leaves behind."""
    document = recall_folder(site.folder / "recalls", BAD_VERSION) / "fetched.json"
    recalled = [event for event in site.store.events() if event.kind is Kind.RECALLED]
    return {
        "statuses": site.statuses({**drill.bad, **drill.good}),
        "disk": site.on_disk(),
        "list": json.loads(document.read_text()),
        "events": sorted(event.campaign for event in recalled),
        "condemned": set(site.condemned),
        "purged": set(site.caches.purged),
        "counts": {c.id: (c.state, site.store.counts(c.id)) for c in site.store.campaigns()},
        "jobs": site.tools.store.counts(),
        "left": site.store.recalled_files(),
        "open": [site.claim(campaign.id) for campaign in site.store.campaigns()],
    }


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(False, id="before"),
        # All but after the last call, this is what "before" the next one is.
        pytest.param(True, id="after", marks=pytest.mark.slow),
    ],
)
def test_a_kill_at_any_call_leaves_a_recall_that_the_same_command_finishes(
    prepared: tuple[Path, Drill], folder: Path, after: bool
) -> None:
    source, drill = prepared
    site = RecallSite(folder)
    _call_back(site)
    expected = _end(site, drill)
    at, ended = 0, False
    while not ended:
        at += 1
        with memory_folder() as copied:
            shutil.copytree(source, copied, dirs_exist_ok=True)
            site = RecallSite(copied)
            ended = not _is_killed(site, Killer(at=at, after=after))
            if site.store.campaign("spring").state is CampaignState.RECALLED:
                cells = {a: u for a, u in drill.bad.items() if site.store.is_recalled(a)}
                assert len(cells) == 9
                assert set(site.statuses(cells).values()) == {410}
            else:
                assert set(site.statuses(drill.bad, "HEAD").values()) == {200}
            _call_back(site)
            assert _end(site, drill) == expected
    assert at > 12, "the kills went through every port"


def _is_killed(site: RecallSite, killer: Killer) -> bool:
    plain = site.recall_tools()
    tools = site.recall_tools(
        **{
            name: killer.wrap(getattr(plain, name))
            for name in ("store", "assets", "jobs", "fetches", "caches")
        },
        condemn=lambda *given: killer.call(plain.condemn, *given),
        tell=lambda alarm: killer.call(plain.tell, alarm),
    )
    try:
        recall(tools, BAD_VERSION, reason=REASON)
    except Killed:
        return True
    return False
