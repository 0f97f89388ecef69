"""What is called back: all that has it, nothing else, and once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.campaigns import SPEC, begin, fill, make_pinned, run, speak, take
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.events import Kind
from voxgate.campaigns.ports import Affected, Selector
from voxgate.campaigns.records import CampaignState, CellState, SentenceState


def _recall(store: SqlCampaignStore, **selector: Any) -> Affected:
    return store.recall(Selector(**selector), actor="anna", reason="bad sound")


def _make(store: SqlCampaignStore, name: str, names: list[str], **pins: Any) -> None:
    """A finished campaign that shares no sentence with others of another prefix."""
    fill(store, name, names, prefix=f"{name}-", pinned=make_pinned(**pins))
    begin(store, name)
    run(store, name)


@pytest.mark.parametrize(
    "selector",
    [
        {"campaign": "spring"},
        {"model": "voice-en"},
        {"model": "voice-en", "version": 3},
        {"profile": "anna@1"},
        {"profile": "anna"},
        {"consent": "c" * 64},
        {"preset": "telephone@2"},
        {"code": "k" * 64},
        {"model": "voice-en", "campaign": "spring"},
    ],
)
def test_everything_of_what_is_named_is_called_back_and_nothing_else(
    store: SqlCampaignStore, selector: dict[str, Any]
) -> None:
    _make(store, "spring", ["Al", "Bo", "Al"])
    other = {
        "model": "voice-de", "profile": "annabel@1", "consent_digest": None,
        "preset": "telephone@1", "code": "l" * 64,
    }  # fmt: skip
    _make(store, "autumn", ["Al"], **other)
    found = store.affected(Selector(**selector))
    expected = Affected(campaigns=("spring",), cells=3, renders=2, sentences=3, files=5)
    assert found == expected
    assert store.campaign("spring").state is CampaignState.RUNNING
    assert _recall(store, **selector) == expected
    assert store.campaign("spring").state is CampaignState.RECALLED
    assert store.counts("spring").cells == {CellState.RECALLED: 3}
    assert store.counts("autumn").cells == {CellState.STORED: 1}
    cell = next(store.each_cell("spring"))
    assert cell.recall_reason == "bad sound"
    assert cell.recalled_at_s is not None
    files = {f"spring-asset-file-{name}" for name in ("Al", "Bo")}
    sentences = {f"asset-spring-{name}" for name in ("hello-Al", "hello-Bo", "visit")}
    assert set(store.recalled_files()) == files | sentences
    event = store.events("spring")[-1]
    assert (event.kind, event.facts["cells"], event.facts["selector"]) == (
        Kind.RECALLED, 3, selector,
    )  # fmt: skip
    assert store.events("autumn")[-1].kind is not Kind.RECALLED
    nothing = Affected()
    assert store.affected(Selector(**selector)) == _recall(store, **selector) == nothing
    assert store.events("spring")[-1] == event


@pytest.mark.parametrize(
    "selector",
    [{"model": "voice-en", "version": 4}, {"profile": "ann"}, {"asset": "x"}, {"code": "l"}],
)
def test_what_nothing_has_changes_nothing(
    store: SqlCampaignStore, selector: dict[str, Any]
) -> None:
    _make(store, "spring", ["Al"])
    assert _recall(store, **selector) == Affected()
    assert store.counts("spring").cells == {CellState.STORED: 1}


def test_a_campaign_that_is_half_done_speaks_no_more(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Cy"])
    begin(store, "spring")
    speak(store, take(store))
    speak(store, take(store, render_limit=1))
    held = take(store, render_limit=1)
    found = _recall(store, model="voice-en")
    assert (found.cells, found.renders) == (1, 1)
    assert store.claim(worker="w-1", lease_s=60.0) is None
    assert not store.has_open_work("spring")
    counts = store.counts("spring")
    assert counts.cells == {CellState.RECALLED: 2, CellState.CANCELLED: 1}
    assert speak(store, held).lost == (held.renders[0].key,)
    assert held.renders[0].asset_id in store.recalled_files()


def test_a_draft_is_called_back_by_its_name(store: SqlCampaignStore) -> None:
    store.create("spring", SPEC, owner="anna")
    assert _recall(store, campaign="spring") == Affected(campaigns=("spring",))
    assert store.campaign("spring").state is CampaignState.RECALLED


def test_a_file_alone_is_called_back_and_its_campaign_goes_on(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"])
    begin(store, "spring")
    run(store, "spring")
    found = _recall(store, asset="asset-file-Al")
    assert found == Affected(campaigns=("spring",), cells=2, renders=1, files=1)
    assert store.campaign("spring").state is CampaignState.RUNNING
    assert store.counts("spring").cells == {CellState.RECALLED: 2, CellState.STORED: 1}
    assert store.recalled_files() == ["asset-file-Al"]
    assert store.spoken_before(["hello-Al"]).keys() == {"hello-Al"}


def test_a_sentence_takes_every_file_with_it_and_fails_what_would_need_it(
    store: SqlCampaignStore,
) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    run(store, "spring")
    fill(store, "autumn", ["Al", "Cy"], pinned=make_pinned(consent_digest="d" * 64))
    begin(store, "autumn")
    speak(store, take(store, campaign_id="autumn"))
    speak(store, take(store, campaign_id="autumn", render_limit=1))
    found = _recall(store, asset="asset-visit")
    # Both had stored a file of the same name for Al.
    assert found == Affected(
        campaigns=("autumn", "spring"), cells=3, renders=3, sentences=1, files=4
    )
    assert store.counts("spring").cells == {CellState.RECALLED: 2}
    assert store.counts("autumn").cells == {CellState.RECALLED: 1, CellState.FAILED: 1}
    [failed] = store.sentences("autumn", state=SentenceState.FAILED)
    assert failed[0].key == "visit"
    assert failed[2] is not None
    assert failed[2].code == "recalled"
    assert store.spoken_before(["visit", "hello-Al"]).keys() == {"hello-Al"}
    assert not store.has_open_work("autumn")


def test_a_consent_takes_what_was_spoken_under_it_wherever_it_is(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    run(store, "spring")
    fill(store, "autumn", ["Al", "Cy"], pinned=make_pinned(consent_digest="d" * 64))
    begin(store, "autumn")
    run(store, "autumn")
    _recall(store, consent="c" * 64)
    assert store.campaign("autumn").state is CampaignState.RUNNING
    assert store.counts("autumn").cells == {CellState.RECALLED: 2}  # both say `visit` of spring
    assert store.spoken_before(["visit", "hello-Al", "hello-Cy"]).keys() == {"hello-Cy"}


def test_a_campaign_leaves_others_what_they_share(store: SqlCampaignStore) -> None:
    for name, names in (("spring", ["Al", "Bo"]), ("autumn", ["Al"])):
        fill(store, name, names)
        begin(store, name)
        run(store, name)
    found = _recall(store, campaign="spring")
    assert (found.renders, found.sentences) == (2, 1)
    assert store.counts("autumn").cells == {CellState.STORED: 1}
    assert store.spoken_before(["visit", "hello-Al", "hello-Bo"]).keys() == {"visit", "hello-Al"}
    # The other campaign has a file of the same name, which stays.
    assert set(store.recalled_files()) == {"asset-file-Bo", "asset-hello-Bo"}


def test_files_are_listed_until_they_are_removed(store: SqlCampaignStore) -> None:
    _make(store, "spring", ["Al"])
    store.note_removed(["spring-asset-file-Al"])  # it is not called back: no word of removal
    _recall(store, campaign="spring")
    files = store.recalled_files()
    assert len(files) == 3
    assert len(store.recalled_files(limit=2)) == 2
    for _ in range(2):
        store.note_removed(files[:2])
        assert store.recalled_files() == files[2:]
    store.note_removed(files)
    assert store.recalled_files() == []


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"campaign": "spring"}, [("spring", "r-1", "Al"), ("spring", "r-2", "Bo")]),
        ({"model": "voice-en"}, [("spring", "r-1", "Al"), ("spring", "r-2", "Bo"),
                                 ("autumn", "r-1", "Al"), ("autumn", "r-2", "Al")]),
        ({"asset": "asset-hello-Al"}, [("spring", "r-1", "Al"),
                                       ("autumn", "r-1", "Al"), ("autumn", "r-2", "Al")]),
        ({"asset": "autumn"}, []),
    ],
)  # fmt: skip
def test_the_cells_of_what_is_named_are_the_same_before_and_after(
    store: SqlCampaignStore, selector: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    for name, names in (("spring", ["Al", "Bo"]), ("autumn", ["Al", "Al"])):
        fill(store, name, names)
        begin(store, name)
        run(store, name)
    _make(store, "winter", ["Al"], model="voice-de")

    def named() -> list[tuple[str, str, str]]:
        cells = list(store.named_cells(Selector(**selector)))
        assert {cell.template for cell in cells} <= {"reminder"}
        return [(c.campaign, c.recipient_id, c.asset_id.removeprefix("asset-file-")) for c in cells]

    assert named() == expected
    _recall(store, **selector)
    assert named() == expected
    _recall(store, model="voice-en")
    assert named() == expected


def test_a_file_is_recalled_from_the_rows_on_and_whether_it_is_removed_or_not(
    store: SqlCampaignStore,
) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    run(store, "spring")
    files = ["asset-file-Al", "asset-hello-Al", "asset-file-Bo", "asset-visit", "of-nobody"]
    assert [store.is_recalled(file) for file in files] == [False] * 5
    _recall(store, asset="asset-hello-Al")
    assert [store.is_recalled(file) for file in files] == [True, True, False, False, False]
    store.note_removed(store.recalled_files())
    assert [store.is_recalled(file) for file in files] == [True, True, False, False, False]


def test_a_file_that_something_else_has_too_stands(store: SqlCampaignStore) -> None:
    for name in ("spring", "autumn"):  # sentences of the fakes have the same files
        fill(store, name, ["Al"])
        begin(store, name)
        run(store, name)
    store.erase_recipient("r-1", campaign_id="spring", actor="anna", reason="asked")
    assert store.campaign("autumn").state is not CampaignState.RECALLED
    # Both campaigns of the fakes name their file alike: that of autumn stands.
    assert not store.is_recalled("asset-file-Al")
