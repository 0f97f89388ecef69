"""Campaigns and jobs of a bad and of a good version, delivered to real files at real addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from starlette.testclient import TestClient

from tests.fakes.campaigns import SPEC, make_output, make_pinned, make_recipient, make_result
from tests.fakes.http_service import MemoryKeys, MovedClock, keyed_app
from tests.fakes.speech_jobs import ListQueue, make_desk, make_draft, make_tools
from tests.fakes.speech_service import FakeSpeechService
from voxgate.adapters.sql.asset_fetches import SqlFetchLog
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import open_database
from voxgate.campaigns.ports import Claim, Selector, Settled, SettledRender, SettledSentence
from voxgate.campaigns.recall.purge import PurgeResult
from voxgate.campaigns.recall.recalling import RecallTools
from voxgate.campaigns.records import (
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.transitions import approve, end_part, plan, start
from voxgate.errors import ExternalServiceError
from voxgate.files import digest_json
from voxgate.release.alarms import Alarm
from voxgate.serving.jobs.fetches import FetchBook
from voxgate.serving.jobs.runner import run_jobs
from voxgate.settings import Settings

MODEL, BAD, GOOD = "voice-test", 7, 8
BAD_VERSION = Selector(model=MODEL, version=BAD)


@dataclass
class MemoryCaches:
    """Implements `CachePurge`; while it is `away` it takes nothing."""

    away: bool = False
    purged: list[tuple[str, ...]] = field(default_factory=list)

    def purge(self, tags: Sequence[str]) -> PurgeResult:
        if self.away:
            raise ExternalServiceError("the network of caches does not answer")
        self.purged.append(tuple(tags))
        return PurgeResult(cache="memory", tags=tuple(tags), calls=1)


class RecallSite:
    """A database and a folder of files below `folder`, and the app that serves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = f"sqlite:///{folder}/ledger.db"
        database = open_database(Settings(ledger_url=SecretStr(url)), folder)
        self.store = SqlCampaignStore(database)
        self.tools = make_tools(url, folder)
        self.log = SqlFetchLog(database)
        self.fetches = FetchBook(self.log)
        self.caches = MemoryCaches()
        self.condemned: list[tuple[str, int]] = []
        self.told: dict[str, Alarm] = {}

    def recall_tools(self, **changes: Any) -> RecallTools:
        """Return what a recall changes here."""
        parts: dict[str, Any] = {
            "store": self.store,
            "assets": self.tools.assets,
            "jobs": self.tools.store,
            "fetches": self.log,
            "caches": self.caches,
            "condemn": lambda model, version, _reason: self.condemned.append((model, version)),
            "tell": lambda alarm: self.told.setdefault(alarm.key, alarm),
            "folder": self.folder / "recalls",
            "actor": "anna",
        }
        return RecallTools(**{**parts, **changes})

    def plan(self, campaign: str, names: Sequence[str], *, version: int, prefix: str = "") -> None:
        """Plan and approve a campaign: a greeting by name, and a sentence that all have."""
        self.store.create(campaign, {**SPEC, "campaign": campaign}, owner="anna")
        rows = [make_recipient(number, name=name) for number, name in enumerate(names, start=1)]
        self.store.add_rows(campaign, "list", rows)
        self.store.end_upload(campaign, "list", rows=len(rows), owner="anna")
        distinct = dict.fromkeys(names)
        keys = [f"{prefix}visit", *(f"{prefix}hello-{name}" for name in distinct)]
        self.store.add_plan(
            campaign,
            sentences=[PlannedSentence(key=key, place=0, facts={"text": key}) for key in keys],
            renders=[
                PlannedRender(
                    key=f"{prefix}file-{name}",
                    asset_id=asset_of(campaign, name),
                    template="reminder",
                    sentences=(f"{prefix}hello-{name}", f"{prefix}visit"),
                )
                for name in distinct
            ],
            cells=[
                PlannedCell(
                    recipient_id=row.recipient_id,
                    template="reminder",
                    render=f"{prefix}file-{name}",
                )
                for row, name in zip(rows, names, strict=True)
            ],
        )
        pinned = make_pinned(model=MODEL, version=version, code=str(version))
        self.store.change(campaign, partial(plan, pinned=pinned, facts={}, actor="anna"))
        self.begin(campaign)

    def begin(self, campaign: str) -> None:
        """Start a planned campaign and approve what its proof sample is."""
        for change in (
            partial(start, actor="anna"),
            partial(end_part, actor="worker"),
            partial(approve, actor="anna", reason="heard"),
        ):
            self.store.change(campaign, change)

    def claim(self, campaign: str, **options: Any) -> Claim | None:
        """Take work of a campaign."""
        return self.store.claim(worker="w-1", lease_s=60.0, campaign_id=campaign, **options)

    def settle(self, claim: Claim) -> Settled:
        """Speak or join what a claim has, with files that are really stored."""
        if claim.sentences:
            for one in claim.sentences:
                self.put(asset_of(one.key))
            return self.store.settle_sentences(
                claim.campaign.id,
                [
                    SettledSentence(
                        key=one.key,
                        attempt=one.attempt,
                        state=SentenceState.PASSED,
                        result=make_result(one.key, asset_id=asset_of(one.key)),
                    )
                    for one in claim.sentences
                ],
            )
        for work in claim.renders:
            self.put(work.asset_id, tags=[f"campaign-{claim.campaign.id}"])
        return self.store.settle_renders(
            claim.campaign.id,
            [
                SettledRender(
                    key=work.key,
                    attempt=work.attempt,
                    state=RenderState.STORED,
                    output=make_output(work.key),
                )
                for work in claim.renders
            ],
        )

    def run(self, campaign: str) -> None:
        """Do all that is due of a campaign."""
        while (claim := self.claim(campaign)) is not None:
            self.settle(claim)

    def put(self, asset_id: str, **options: Any) -> None:
        """Store a file."""
        self.tools.assets.put(asset_id, asset_id.encode() * 9, media_type="audio/mpeg", **options)

    def job(self, number: int, *, version: int, profile: str | None = None) -> tuple[str, str]:
        """Speak a job; returns its id and the id of its file."""
        made = self.tools.store.submit(make_draft(number)).job
        asyncio.run(run_jobs([made.id], self.tools))

        def spoken_by(job: Any, _now_s: float) -> Any:
            return replace(job, output=replace(job.output, version=version, profile=profile))

        job = self.tools.store.change(made.id, spoken_by)
        assert job.output is not None
        return job.id, job.output.asset_id

    def address(self, asset_id: str) -> str:
        """Return an address that is good for an hour."""
        return self.tools.assets.url(asset_id, ttl_s=3600)

    def statuses(self, addresses: dict[str, str], method: str = "GET") -> dict[str, int]:
        """Ask for every address as a listener does; HEAD fetches nothing."""
        with self.client() as client:
            return {
                asset: client.request(method, url).status_code for asset, url in addresses.items()
            }

    def client(self) -> TestClient:
        """Return somebody on another machine, at the doors of the service."""
        desk = make_desk(
            self.tools, ListQueue(), is_recalled=self.store.is_recalled, fetches=self.fetches
        )
        clock = MovedClock()
        app = keyed_app(FakeSpeechService(), MemoryKeys(), clock, jobs=desk)
        return TestClient(app, base_url="http://speech.example", client=("192.0.2.7", 50_000))

    def on_disk(self) -> set[str]:
        """Return the ids of all files of which anything is left."""
        files = (path for path in (self.folder / "speech").rglob("*") if path.is_file())
        return {path.name.removesuffix(".json") for path in files}


def asset_of(*facts: str) -> str:
    """Return the id of a file."""
    return digest_json(list(facts))[:40]


class Killed(BaseException):
    """What a SIGKILL is to code: nothing catches it."""


@dataclass
class Killer:
    """Kills at the call number `at` of any wrapped port, before it or right after it."""

    at: int
    after: bool
    calls: int = 0

    def wrap(self, port: Any) -> Any:
        """Return the port, each call of whose methods counts."""
        return _Wrapped(port, self)

    def call(self, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call, or kill."""
        self.calls += 1
        mine = self.calls == self.at
        if mine and not self.after:
            raise Killed
        answer = method(*args, **options)
        if mine:
            raise Killed
        return answer


class _Wrapped:
    def __init__(self, port: Any, killer: Killer) -> None:
        self._port, self._killer = port, killer

    def __getattr__(self, name: str) -> Any:
        return partial(self._killer.call, getattr(self._port, name))
