"""A hundred thousand cells: nothing takes long, and nothing is held in memory.

Bounds are of processor time, and many times what was measured: they find what grew with the number
of cells, not a busy machine.
"""

from __future__ import annotations

import logging
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.campaigns import (
    SPEC,
    begin,
    make_pinned,
    make_recipient,
    open_campaigns,
    speak,
    take,
)
from tests.fakes.memory import memory_folder
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.records import (
    CellState,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    Recipient,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.transitions import plan
from voxgate.files import digest_json

CELLS = 100_000
BATCH = 1000
STATIC = tuple(digest_json(["static", n]) for n in range(3))
MEMORY_BYTES = 40 * 2**20

_LOGGER = logging.getLogger(__name__)


@contextmanager
def within(cpu_s: float, what: str) -> Iterator[None]:
    """Measure processor and wall time of what is done, and log both."""
    wall, cpu = time.monotonic(), time.process_time()
    yield
    took = time.process_time() - cpu
    _LOGGER.info("%s: %.2f s of processor, %.2f s", what, took, time.monotonic() - wall)
    assert took < cpu_s, what


def add_plan(store: SqlCampaignStore, page: list[Recipient]) -> None:
    """Plan a page: half as many files as cells, of five sentences each, three of them shared."""
    cells, renders, sentences = [], {}, {}
    for row in page:
        number = (row.number - 1) % (CELLS // 2)
        keys = (
            digest_json(["hello", number % 690]),
            STATIC[0],
            digest_json(["visit", number % 200]),
            *STATIC[1:],
        )
        render = digest_json(["file", number])
        for place, key in enumerate(keys):
            sentences[key] = PlannedSentence(key=key, place=place, facts={"text": key})
        renders[render] = PlannedRender(
            key=render, asset_id=digest_json(["asset", number]), template="reminder", sentences=keys
        )
        cells.append(PlannedCell(recipient_id=row.recipient_id, template="reminder", render=render))
    store.add_plan(
        "big", cells=cells, renders=list(renders.values()), sentences=list(sentences.values())
    )


def plan_all(store: SqlCampaignStore) -> None:
    after = 0
    while page := store.recipients("big", after=after, limit=BATCH):
        add_plan(store, page)
        after = page[-1].number


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as place:
        yield place


@pytest.mark.slow
def test_a_hundred_thousand_cells_are_no_matter(folder: Path) -> None:
    store = open_campaigns(folder)
    store.create("big", SPEC, owner="anna")
    with within(60, "100,000 rows"):
        for start in range(0, CELLS, BATCH):
            rows = [make_recipient(n) for n in range(start + 1, start + BATCH + 1)]
            store.add_rows("big", "list-1", rows)
    with within(120, "100,000 cells planned"):
        plan_all(store)
    counts = store.counts("big")
    with within(60, "the same again"):
        plan_all(store)
    with within(5, "counts"):
        assert store.counts("big") == counts
    assert counts.cells == {CellState.QUEUED: CELLS}
    assert counts.renders == {RenderState.WAITING: CELLS // 2}
    store.change("big", partial(plan, pinned=make_pinned(), facts={}, actor="anna"))
    begin(store, "big")
    first = take(store)
    assert set(STATIC) <= {work.key for work in first.sentences}
    assert first.sentences[0].cells == CELLS
    with within(10, "what 50,000 files wait for is settled, three times"):
        speak(store, first)
    while (claim := take(store)).sentences:
        speak(store, claim)
    with within(5, "32 files are settled and claimed"):
        speak(store, claim)
        take(store)
    spoken = store.counts("big").sentences[SentenceState.PASSED]
    tracemalloc.start()
    with within(120, "all cells are read"):
        assert sum(1 for _ in store.each_cell("big")) == CELLS
    assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES
    tracemalloc.stop()
    with within(20, "a version is called back"):
        found = store.recall(Selector(model="voice-en", version=3), actor="anna", reason="bad")
    assert found.sentences == spoken
    assert found.cells == sum(work.cells for work in claim.renders)
