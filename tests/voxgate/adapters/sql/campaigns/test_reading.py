"""What is told of cells, page by page."""

from __future__ import annotations

import pytest

from tests.fakes.campaigns import SPEC, begin, fill, make_output, make_recipient, run
from voxgate.adapters.sql.campaigns import store as store_module
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.records import CellState, PlannedCell, PlannedRender, PlannedSentence


def _fill_two_templates(store: SqlCampaignStore) -> None:
    store.create("spring", SPEC, owner="anna")
    rows = [make_recipient(n, templates=("reminder", "first")) for n in range(1, 12)]
    store.add_rows("spring", "list-1", rows)
    store.add_plan(
        "spring",
        sentences=[PlannedSentence(key="a", place=0, facts={})],
        renders=[PlannedRender(key="f", asset_id="asset-f", template="first", sentences=("a",))],
        cells=[
            PlannedCell(recipient_id=row.recipient_id, template=template, render="f")
            for row in rows
            for template in row.templates
        ],
    )


def test_cells_come_by_recipient_and_template_in_pages(
    store: SqlCampaignStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill_two_templates(store)
    order = [(n, template) for n in range(1, 12) for template in ("first", "reminder")]
    cells = store.cells("spring", limit=99)
    assert [(cell.number, cell.template) for cell in cells] == order
    assert store.cells("spring", after=(3, "first"), limit=2) == cells[5:7]
    monkeypatch.setattr(store_module, "_CELLS_A_PAGE", 5)
    assert list(store.each_cell("spring")) == cells
    assert {cell.shared_with for cell in cells} == {22}


def test_a_cell_is_told_with_its_values_and_its_file(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"], proof=1)
    begin(store, "spring")
    run(store, "spring")
    first, second, third = store.each_cell("spring")
    assert (first.recipient_id, first.render, first.asset_id) == ("r-1", "file-Al", "asset-file-Al")
    assert first.values == {"first_name": {"kind": "name", "spoken": "Al"}}
    assert (first.output, first.proof, first.attempt) == (make_output("file-Al"), True, 1)
    assert (third.output, third.proof, third.shared_with) == (first.output, False, 2)
    assert (second.shared_with, second.fault, second.recalled_at_s) == (1, None, None)


def test_cells_are_found_by_state(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"])
    assert len(store.cells("spring", state=CellState.QUEUED)) == 3
    assert store.cells("spring", state=CellState.STORED) == []


def test_cells_of_the_proof_sample_are_found_page_by_page(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Cy"], proof=2)
    (first,) = store.cells("spring", proof=True, limit=1)
    rest = store.cells("spring", proof=True, after=(first.number, first.template))
    assert [cell.recipient_id for cell in (first, *rest)] == ["r-1", "r-2"]
    assert store.cells("spring", proof=True, state=CellState.STORED) == []


def test_sentences_come_by_key_in_pages(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Cy"])
    pages = [store.sentences("spring", after=after, limit=2) for after in ("", "hello-Bo")]
    found = [work.key for page in pages for work, _, _ in page]
    assert found == ["hello-Al", "hello-Bo", "hello-Cy", "visit"]
