"""Open the doors of the speech service: keys, settings, a socket, and the app behind it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from voxgate.adapters.http.app import create_app
from voxgate.adapters.http.door import require_safe_bind
from voxgate.adapters.http.recall_routes import CallBack
from voxgate.adapters.http.server import build_server, open_socket
from voxgate.adapters.http.settings import HttpSettings
from voxgate.campaigns.records import CellState
from voxgate.campaigns.service import CampaignService, OpenCampaigns
from voxgate.clock import utc_now
from voxgate.errors import ConfigError, VoxgateError
from voxgate.serving.catalogue import Catalogue
from voxgate.serving.following import every
from voxgate.serving.jobs.counting import RowCounts
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.jobs.fetches import FetchBook
from voxgate.serving.jobs.loop import EmbeddedRunner
from voxgate.serving.jobs.ports import CheckRequest, SayRequest
from voxgate.serving.preset_book import PresetBook
from voxgate.strict_yaml import read_yaml
from voxgate.wiring.api_keys import open_keys
from voxgate.wiring.background import beside
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import (
    build_job_desk,
    build_job_tools,
    open_fetch_log,
    open_job_queue,
)
from voxgate.wiring.speech_service import SpeechOptions, open_speech

__all__ = ["Doors", "open_doors", "open_jobs", "read_http_settings", "serve_speech"]

_LOGGER = logging.getLogger(__name__)
_FETCHES_PERIOD_S = 5.0
_UNKEPT = "which files were fetched is not kept"

_COUNT_S = 10.0
_COUNT_CELLS_S = 20.0
"""A campaign has a hundred thousand cells."""


@dataclass(frozen=True, kw_only=True)
class Doors:
    """A socket that listens, and how who comes is treated."""

    listener: socket.socket
    settings: HttpSettings

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port, *_ = self.listener.getsockname()
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def read_http_settings(path: Path | None) -> HttpSettings:
    """Read a YAML file with the fields of `HttpSettings`; None is their defaults.

    Raises:
        ConfigError: there is no such file, it is no mapping, or a field is unknown or wrong.
    """
    if path is None:
        return HttpSettings()
    try:
        document = read_yaml(path)
    except FileNotFoundError:
        raise ConfigError(str(path), ["the file is missing"]) from None
    if not isinstance(document, dict):
        raise ConfigError(str(path), [f"file: expected fields, got {type(document).__name__}"])
    known = {field.name for field in fields(HttpSettings)}
    if unknown := [f"{name}: there is no such field" for name in document if name not in known]:
        raise ConfigError(str(path), unknown)
    try:
        return TypeAdapter(HttpSettings).validate_python(document)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigError(str(path), faults) from None


def open_doors(checkout: Checkout, settings: HttpSettings, *, host: str, port: int) -> Doors:
    """Bind an address that may be bound.

    Raises:
        ConfigError: anybody could use the server there, or nobody at all.
        ExternalServiceError: the address is taken, or the database of the keys does not answer.
    """
    now = utc_now()
    found = open_keys(checkout.settings, checkout.root).all()
    require_safe_bind(
        host,
        has_keys=any(key.is_valid(now) for key in found),
        allow_anonymous=settings.allow_anonymous,
    )
    return Doors(listener=open_socket(host, port), settings=settings)


async def serve_speech(
    checkout: Checkout,
    doors: Doors,
    options: SpeechOptions,
    *,
    catalogue: Callable[[PresetBook], Catalogue] | None = None,
    campaigns: CampaignService | None = None,
    follow: Callable[[], Coroutine[Any, Any, None]] | None = None,
    opened: Callable[[], None] = lambda: None,
    recall: CallBack | None = None,
) -> None:
    """Answer until SIGINT or SIGTERM, then end what is being said; `opened` is told of the start.

    `recall` calls back campaigns for keys that may.

    Jobs go through the broker where one is set; else this process runs them itself. `follow` is
    what else goes on beside it. Without `campaigns` there are no routes of campaigns.

    Raises:
        ConfigError, LedgerError, StorageError, ExternalServiceError: the service cannot be opened.
    """
    others = [] if follow is None else [follow()]
    opened_campaigns = None
    if campaigns is not None:
        cells = RowCounts(campaigns.count_cells, CellState)
        opened_campaigns = OpenCampaigns(service=campaigns, counts=cells)
        others.append(every(_COUNT_CELLS_S, cells.refresh, without="cells were not counted"))
    async with (
        open_speech(checkout, options) as service,
        open_jobs(checkout, service.say, check=service.check) as jobs,
        beside(*others),
    ):
        app = create_app(
            service,
            keys=open_keys(checkout.settings, checkout.root),
            settings=doors.settings,
            version=version("voxgate"),
            recall=recall,
            jobs=jobs,
            catalogue=None if catalogue is None else catalogue(service.admission.book),
            campaigns=opened_campaigns,
        )
        opened()
        await build_server(app).serve(sockets=[doors.listener])


@asynccontextmanager
async def open_jobs(
    checkout: Checkout, say: SayRequest, *, check: CheckRequest | None = None
) -> AsyncIterator[JobDesk]:
    """Yield the desk of jobs; without a broker this process runs them.

    Which files are fetched is written every few seconds, and when the context is left.

    Raises:
        ConfigError, LedgerError, StorageError, ExternalServiceError: it cannot be opened.
    """
    settings, workspace = checkout.settings, checkout.workspace
    tools = build_job_tools(settings, workspace, say=say)
    fetches = FetchBook(open_fetch_log(settings, workspace.root))
    broker = open_job_queue(settings)
    runner = EmbeddedRunner(tools)
    queue = runner if broker is None else broker
    campaigns = open_campaign_store(settings, workspace.root)
    desk = build_job_desk(
        tools,
        queue,
        settings,
        workspace,
        fetches=fetches,
        check=check,
        is_recalled=campaigns.is_recalled,
    )
    works = [] if broker is not None else [runner.run()]
    works.append(every(_FETCHES_PERIOD_S, fetches.keep, without=_UNKEPT))
    if desk.counts is not None:
        works.append(every(_COUNT_S, desk.counts.refresh, without="jobs were not counted"))
    try:
        async with beside(*works):
            yield desk
    finally:
        await asyncio.to_thread(_keep, fetches)


def _keep(fetches: FetchBook) -> None:
    """Write what was fetched; without a database it is some seconds less."""
    try:
        fetches.keep()
    except VoxgateError as error:
        _LOGGER.warning("%s: %s", _UNKEPT, error)
