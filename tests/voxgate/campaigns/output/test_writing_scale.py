"""A hundred thousand cells are written in well under a minute, and never held in memory."""

from __future__ import annotations

import logging
import sqlite3
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.campaign_outputs import SPEC, make_writer
from tests.fakes.campaigns import begin, make_output, make_pinned, make_result, open_campaigns
from tests.fakes.memory import memory_folder
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.output.writing import verify_tables
from voxgate.campaigns.records import PlannedCell, PlannedRender, PlannedSentence, Recipient
from voxgate.campaigns.spec import parse_spec
from voxgate.campaigns.transitions import plan
from voxgate.files import canonical_json, digest_json
from voxgate.serving.jobs.assets import keyed_asset_id

CELLS = 100_000
BATCH = 1000
MEMORY_BYTES = 80 * 2**20
"""Of Python objects; a group of 5,000 rows is about a third of it, whatever there is in all."""

_LOGGER = logging.getLogger(__name__)
_QUALITY = {"state": "passed", "faults": [], "figures": {"similarity": 0.8, "wer": 0.0}}


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as place:
        yield place


@pytest.mark.slow
def test_a_hundred_thousand_cells_take_seconds_and_flat_memory(folder: Path) -> None:
    store = _stored(folder)
    began, cpu_began = time.monotonic(), time.process_time()
    output = make_writer(store, folder).write(actor="anna")
    took, cpu_took = time.monotonic() - began, time.process_time() - cpu_began
    _LOGGER.info("written: %.1f s of processor, %.1f s", cpu_took, took)
    assert (output.cells, output.is_new) == (CELLS, True)
    assert cpu_took < 60
    tracemalloc.start()
    verified = verify_tables(store, "spring", output.folder)
    again = make_writer(store, folder).write(actor="anna")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    _LOGGER.info("at most %.1f MiB of objects", peak / 2**20)
    assert verified.is_latest
    assert again.digest == output.digest
    assert peak < MEMORY_BYTES


def _stored(folder: Path) -> SqlCampaignStore:
    """Return a store with a campaign as workers leave it: two cells a file, 700 sentences."""
    store = open_campaigns(folder)
    store.create("spring", parse_spec(SPEC, "spring").as_json(), owner="anna")
    for start in range(1, CELLS + 1, BATCH):
        rows = [_recipient(number) for number in range(start, start + BATCH)]
        store.add_rows("spring", "list", rows)
    store.end_upload("spring", "list", rows=CELLS, owner="anna")
    for start in range(1, CELLS + 1, BATCH):
        _plan(store, range(start, start + BATCH))
    store.change("spring", partial(plan, pinned=make_pinned(), facts={}, actor="anna"))
    begin(store, "spring")
    output = canonical_json(asdict(make_output("file")))
    spoken = make_result("sentence", quality=_QUALITY, asset_id=_id("sentence"))
    result = canonical_json(asdict(spoken))
    with closing(sqlite3.connect(folder / "campaigns.db")) as connection:
        connection.execute("UPDATE campaign_renders SET state = 'stored', output = ?", [output])
        connection.execute("UPDATE campaign_sentences SET state = 'passed', result = ?", [result])
        connection.commit()
    return store


def _id(name: str) -> str:
    return keyed_asset_id(b"s" * 24, {"file": name})


def _recipient(number: int) -> Recipient:
    values = {"first_name": {"kind": "name", "spoken": f"Anna{number % 690}"}}
    return Recipient(
        number=number,
        recipient_id=f"r-{number}",
        templates=("reminder",),
        values=values,
        digest=digest_json([number, values]),
    )


def _plan(store: SqlCampaignStore, numbers: range) -> None:
    sentences, renders, cells = {}, {}, []
    for number in numbers:
        name, file = number % 690, digest_json(["file", number % (CELLS // 2)])
        keys = (digest_json(["hello", name]), digest_json(["visit", name % 10]))
        for place, key in enumerate(keys):
            facts = {"text": key, "slots": [None, "name"], "readings": {}}
            sentences[key] = PlannedSentence(key=key, place=place, facts=facts)
        renders[file] = PlannedRender(
            key=file, asset_id=_id(file), template="reminder", sentences=keys
        )
        cells.append(PlannedCell(recipient_id=f"r-{number}", template="reminder", render=file))
    store.add_plan(
        "spring", cells=cells, renders=list(renders.values()), sentences=list(sentences.values())
    )
