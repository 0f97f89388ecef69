"""`GET /v1/status`: what a person wants to know of the service, in one document."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.door import Door
from voxgate.adapters.http.metrics import Metrics
from voxgate.clock import utc_now
from voxgate.serving.ports import SpeechService

__all__ = ["add_status"]


def add_status(
    app: FastAPI,
    service: SpeechService,
    *,
    door: Door,
    metrics: Metrics,
    version: str,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Add the route to an app. Any key that is valid may read it: it names no caller and no text.

    Args:
        app: which gets the route.
        service: what is asked how it is.
        door: says who may come in.
        metrics: what the app counted since it was made.
        version: what runs here.
        now: the time of day.
    """
    begun_at = now()

    async def status(request: Request) -> Response:
        await door.identify(request)
        models = await asyncio.to_thread(service.models)
        found = service.readiness()
        document: dict[str, Any] = {
            "version": version,
            "started_at": begun_at.isoformat(timespec="seconds"),
            "ready": found.ready,
            "degraded": list(found.degraded),
            "models": [dict(model) for model in models],
            "lanes": {lane: dict(facts) for lane, facts in found.lanes.items()},
            "recent": _recent(metrics),
            "since_start": {"outcomes": metrics.outcomes(), **metrics.totals()},
        }
        return JSONResponse(document)

    app.add_api_route("/v1/status", status, methods=["GET"])


def _recent(metrics: Metrics) -> dict[str, Any]:
    first_audio, factor = metrics.recent_first_byte_s, metrics.recent_real_time_factor
    return {
        "window_s": first_audio.window_s,
        "first_audio_s": first_audio.quantiles(),
        "real_time_factor": factor.quantiles(),
    }
