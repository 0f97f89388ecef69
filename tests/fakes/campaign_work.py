"""Campaigns that workers can do for real, with a studio that is none; and how they came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from tests.fakes.campaigns import make_pinned, make_recipient
from tests.fakes.speech_jobs import SECRET, SIGNER
from tests.fakes.studio import FakeStudio, make_piece
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.storage.folder import FolderAssets
from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import (
    Campaign,
    CellState,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    RenderState,
)
from voxgate.campaigns.spec import parse_spec
from voxgate.campaigns.transitions import approve, plan, start
from voxgate.campaigns.work.rendering import RenderRecipe
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.campaigns.work.turns import CampaignWorker
from voxgate.files import digest_json
from voxgate.serving.jobs.assets import keyed_asset_id
from voxgate.settings import Settings

VISIT = "Your visit is on Monday."


def hello(name: str) -> str:
    """Return the sentence that greets somebody."""
    return f"Hello {name}."


def make_tools(folder: Path, studio: FakeStudio, **changes: Any) -> CampaignTools:
    """Return tools on the store and the files of a folder; each call is another connection."""
    url = changes.pop("url", f"sqlite:///{folder / 'ledger.db'}")
    store = SqlCampaignStore(open_database(Settings(ledger_url=SecretStr(url)), folder))
    values: dict[str, Any] = {
        "store": store,
        "assets": FolderAssets(folder / "assets", SIGNER),
        "open_studio": lambda _campaign: studio,
        "recipe": lambda _campaign: RenderRecipe(format="wav"),
        "require_allowed": lambda _campaign: None,
        "worker": "w-1",
        "secret": SECRET,
    }
    return CampaignTools(**{**values, **changes})


def plan_campaign(
    store: CampaignStore,
    campaign_id: str,
    names: Sequence[str],
    *,
    proof: int = 2,
    keys_of: str = "",
    **spec: Any,
) -> Campaign:
    """Plan a campaign that greets each name and says `VISIT` to all; equal names share a file.

    Its sentences are nobody else's, or those of the campaign `keys_of`.
    """
    said = {
        "campaign": campaign_id,
        "purpose": "internal",
        "model": "voice-en",
        "format": "wav",
        "templates": {
            "reminder": {
                "text": f"Hello {{first_name}}. {VISIT}",
                "slots": {"first_name": "name"},
            }
        },
        **spec,
    }
    checked = parse_spec(said, campaign_id)
    store.create(campaign_id, checked.as_json(), owner="anna", weight=checked.weight)
    rows = [make_recipient(number, name=name) for number, name in enumerate(names, start=1)]
    store.add_rows(campaign_id, "list-1", rows)
    store.end_upload(campaign_id, "list-1", rows=len(rows), owner="anna")
    distinct = list(dict.fromkeys(names))
    key = partial(_key, keys_of or campaign_id)
    store.add_plan(
        campaign_id,
        sentences=[
            PlannedSentence(key=key(VISIT), place=1, facts=make_piece(VISIT).as_json()),
            *(
                PlannedSentence(
                    key=key(hello(name)),
                    place=0,
                    facts=make_piece(hello(name), None, "name").as_json(),
                )
                for name in distinct
            ),
        ],
        renders=[
            PlannedRender(
                key=key("file", name),
                asset_id=asset_of(campaign_id, name),
                template="reminder",
                sentences=(key(hello(name)), key(VISIT)),
            )
            for name in distinct
        ],
        cells=[
            PlannedCell(
                recipient_id=row.recipient_id,
                template="reminder",
                render=key("file", name),
                proof=row.number <= proof,
            )
            for row, name in zip(rows, names, strict=True)
        ],
    )
    pins = make_pinned()
    return store.change(campaign_id, partial(plan, pinned=pins, facts={}, actor="anna"))


def asset_of(campaign_id: str, name: str) -> str:
    """Return the name of the file of a recipient who is called so."""
    return keyed_asset_id(SECRET, {"render": _key(campaign_id, "file", name)})


def begin(store: CampaignStore, campaign_id: str) -> Campaign:
    """Let the proof sample be spoken."""
    return store.change(campaign_id, partial(start, actor="anna"))


def let_go_on(store: CampaignStore, campaign_id: str) -> Campaign:
    """Approve the proof sample."""
    return store.change(campaign_id, partial(approve, actor="anna", reason="heard"))


def let_leases_end(folder: Path) -> None:
    """Let so much time pass that nobody holds anything any more."""
    url = SecretStr(f"sqlite:///{folder / 'ledger.db'}")
    with open_database(Settings(ledger_url=url), folder).writing() as connection:
        for table in ("campaign_sentences", "campaign_renders"):
            connection.execute(sa.text(f"UPDATE {table} SET due_at_s = due_at_s - 1e6"))


def work_off(worker: CampaignWorker, campaign_id: str | None = None) -> int:
    """Take turns until nothing is due; returns how many it took."""
    turns = 0
    while worker.take_turn(campaign_id) is not None:
        turns += 1
    return turns


def run_through(
    store: CampaignStore, campaign_id: str, *, wait: Callable[[Callable[[], bool]], None]
) -> None:
    """See a campaign through that others work at: `wait` waits until something is so."""
    begin(store, campaign_id)
    wait(lambda: store.campaign(campaign_id).state.value == "proofed")
    let_go_on(store, campaign_id)
    wait(lambda: store.campaign(campaign_id).state.value == "finished")


def digests(store: CampaignStore, campaign_id: str) -> dict[str, str]:
    """Return the digest of each cell's samples, by recipient."""
    return {
        cell.recipient_id: cell.output.pcm_sha256
        for cell in store.each_cell(campaign_id)
        if cell.output is not None
    }


def require_whole(tools: CampaignTools, campaign_id: str, cells: int) -> None:
    """Stop unless every cell has exactly one file, whose bytes are those of its row."""
    store = tools.store
    counts = store.counts(campaign_id)
    assert counts.cells == {CellState.STORED: cells}
    assert set(counts.renders) == {RenderState.STORED}
    found = list(store.each_cell(campaign_id))
    assert len({(cell.recipient_id, cell.template) for cell in found}) == cells
    for cell in found:
        assert cell.output is not None
        assert cell.asset_id is not None
        stored = tools.assets.describe(cell.asset_id)
        assert (stored.sha256, stored.bytes) == (cell.output.sha256, cell.output.bytes)


def _key(*parts: str) -> str:
    return digest_json(list(parts))
