"""The speech service over HTTP, as one app: routes, and what is around all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.campaign_page import add_campaign_page
from voxgate.adapters.http.campaign_routes import add_campaign_routes
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.envelope import Envelope
from voxgate.adapters.http.job_routes import add_job_routes
from voxgate.adapters.http.metrics import CONTENT_TYPE, Metrics
from voxgate.adapters.http.openai_dialect import SpeechFields
from voxgate.adapters.http.page_route import add_page
from voxgate.adapters.http.problems import respond
from voxgate.adapters.http.profile_routes import add_profile_routes
from voxgate.adapters.http.recall_routes import CallBack, add_recall_routes
from voxgate.adapters.http.schemas import body_schema
from voxgate.adapters.http.settings import HttpSettings
from voxgate.adapters.http.speech_routes import SpeechRoutes
from voxgate.adapters.http.status_route import add_status
from voxgate.adapters.http.studio import Studio
from voxgate.campaigns.service import OpenCampaigns
from voxgate.errors import VoxgateError
from voxgate.serving.api_keys import KeyStore
from voxgate.serving.catalogue import Catalogue
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.ports import SpeechService

__all__ = ["create_app"]


_SPEECH = body_schema("application/json", SpeechFields.model_json_schema())
_SPEECH["responses"]["200"] = {
    "description": "Audio, or events of it",
    "content": {"audio/*": {}},
}
_NO_TELEMETRY: Any = {  # an older FastAPI has none, and takes no notice
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's own would send exceptions with their words, and queries, which here are texts."""

_GATED = ("/control", "/set_gpt_weights", "/set_sovits_weights", "/set_refer_audio")


def create_app(  # noqa: PLR0913  # one argument a door
    service: SpeechService,
    *,
    keys: KeyStore | None,
    settings: HttpSettings | None = None,
    version: str,
    door: Door | None = None,
    recall: CallBack | None = None,
    jobs: JobDesk | None = None,
    catalogue: Catalogue | None = None,
    campaigns: OpenCampaigns | None = None,
) -> FastAPI:
    """Return the app; it makes no speech itself and blocks its event loop nowhere.

    `recall` calls back campaigns; without it there is no route that does.

    `version` is what runs here; `door` is one with a clock of its own, for tests. Without `jobs`
    there are no routes of jobs, without `catalogue` none of single voices and presets, without
    `campaigns` none of campaigns.

    Raises:
        ConfigError: there are no keys, and anonymous use is not allowed.
    """
    chosen = settings or HttpSettings()
    guard = door or Door(keys, allow_anonymous=chosen.allow_anonymous)
    counts = {} if jobs is None or jobs.counts is None else {"speech": jobs.counts.latest}
    metrics = Metrics(
        version=version,
        readiness=service.readiness,
        jobs=counts,
        cells=None if campaigns is None or campaigns.counts is None else campaigns.counts.latest,
    )
    studio = Studio(chosen.encoders)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        studio.close()

    # No pages of documentation: they would fetch scripts of other sites.
    app = FastAPI(
        title="voxgate",
        version=version,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry=_NO_TELEMETRY,
    )
    app.add_middleware(Envelope)
    app.add_exception_handler(VoxgateError, _explain)
    app.add_exception_handler(HTTPException, _explain)
    speaking = SpeechRoutes(service, door=guard, studio=studio, metrics=metrics, settings=chosen)
    _add_speech(app, speaking, chosen)
    if recall is not None:
        add_recall_routes(app, recall, door=guard, settings=chosen)
    if jobs is not None:
        add_job_routes(app, jobs, door=guard, settings=chosen)
    if catalogue is not None:
        add_profile_routes(app, catalogue, door=guard, settings=chosen)
    if campaigns is not None:
        add_campaign_routes(app, campaigns.service, door=guard, settings=chosen)
        add_campaign_page(app, door=guard)
    _add_lists(app, service, guard)
    _add_health(app, service, version)
    _add_metrics(app, metrics, guard, chosen)
    add_status(app, service, door=guard, metrics=metrics, version=version)
    add_page(app, door=guard)
    return app


def _add_speech(app: FastAPI, speaking: SpeechRoutes, settings: HttpSettings) -> None:
    app.add_api_route("/v1/audio/speech", speaking.speech, methods=["POST"], openapi_extra=_SPEECH)
    if settings.upstream_dialect:
        routes = {"/tts": speaking.tts, **dict.fromkeys(_GATED, speaking.refuse_change)}
        for path, answer in routes.items():
            for method in ("GET", "POST"):  # together they would share one name in the schema
                app.add_api_route(path, answer, methods=[method], name=f"{method} {path}")


def _add_lists(app: FastAPI, service: SpeechService, door: Door) -> None:
    def add(path: str, wrap: Callable[[Sequence[Any]], Any], found: Callable[[], Any]) -> None:
        async def answer(request: Request) -> Response:
            await door.identify(request)
            return JSONResponse(wrap(await asyncio.to_thread(found)))

        app.add_api_route(path, answer, methods=["GET"], name=path)

    add("/v1/models", _as_models, service.models)
    add("/v1/audio/voices", lambda rows: {"voices": list(rows)}, service.profiles)
    add("/v1/presets", lambda rows: {"presets": list(rows)}, service.presets)


def _add_health(app: FastAPI, service: SpeechService, version: str) -> None:
    async def livez(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        found = service.readiness()
        body = {
            "ready": found.ready,
            "degraded": list(found.degraded),
            "lanes": {lane: dict(facts) for lane, facts in found.lanes.items()},
        }
        return JSONResponse(body, status_code=200 if found.ready else 503)

    async def tell_version(_request: Request) -> Response:
        return JSONResponse({"version": version})

    app.add_api_route("/livez", livez, methods=["GET"])
    app.add_api_route("/readyz", readyz, methods=["GET"])
    app.add_api_route("/healthz", readyz, methods=["GET"], name="healthz")
    app.add_api_route("/version", tell_version, methods=["GET"])


def _add_metrics(app: FastAPI, metrics: Metrics, door: Door, settings: HttpSettings) -> None:
    async def page(request: Request) -> Response:
        if not settings.open_metrics:
            await door.identify(request, "metrics")
        return Response(metrics.page(), media_type=CONTENT_TYPE)

    app.add_api_route("/metrics", page, methods=["GET"])


def _as_models(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return OpenAI's list; what the service tells of a model stands beside its members."""
    return {
        "object": "list",
        "data": [{"object": "model", "owned_by": "voxgate", "created": 0, **row} for row in rows],
    }


async def _explain(request: Request, error: Exception) -> Response:
    return respond(request, error)
