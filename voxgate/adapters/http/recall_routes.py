"""Recall over HTTP: call back what a campaign delivered, first as a dry run."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.bodies import parse_fields, read_json
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.schemas import body_schema
from voxgate.adapters.http.settings import HttpSettings
from voxgate.adapters.http.threads import Threads
from voxgate.campaigns.recall.recalling import Recalled

__all__ = ["CallBack", "add_recall_routes"]

_RIGHT = "recall"
_THREADS = 2
_ASK_AGAIN_S = 5


class CallBack(Protocol):
    """Calls back a campaign, or one file of it."""

    def __call__(
        self, campaign_id: str, *, asset: str | None, reason: str, dry_run: bool, by: str
    ) -> Recalled:
        """Call back; what failed after the rows were written is in `faults`.

        Raises:
            UnknownCampaignError: there is no such campaign.
            LedgerError, ExternalServiceError: nothing was changed.
        """
        ...


class _Recall(BaseModel):
    """What is called back of a campaign, and why; `asset` names one file instead of all."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=500)
    dry_run: bool = False
    asset: str | None = Field(default=None, pattern=r"^[a-z0-9]{8,64}$")


def add_recall_routes(
    app: FastAPI, call_back: CallBack, *, door: Door, settings: HttpSettings
) -> None:
    """Add `POST /v1/campaigns/{id}/recall`, for keys with the right `recall`.

    The right is an emergency stop: who has it calls back anybody's campaign.
    """
    path = "/v1/campaigns/{campaign_id}/recall"
    threads = Threads(_THREADS, name="recalls")

    async def recall(request: Request, campaign_id: str) -> Response:
        """Call back what a campaign delivered; 202 where the same request has to be sent again."""
        caller, slot = await door.enter(request, _RIGHT)
        try:
            values = await read_json(
                request, max_bytes=settings.max_body_bytes, timeout_s=settings.body_timeout_s
            )
            wanted = parse_fields(_Recall, values)
            found = await threads.call(
                partial(
                    call_back,
                    campaign_id,
                    asset=wanted.asset,
                    reason=wanted.reason,
                    dry_run=wanted.dry_run,
                    by=caller.key_id,
                )
            )
        finally:
            slot.leave()
        headers = dict(slot.headers)
        if found.faults:
            headers["Retry-After"] = str(_ASK_AGAIN_S)
        return JSONResponse(
            _describe(campaign_id, found), status_code=202 if found.faults else 200, headers=headers
        )

    app.add_api_route(
        path,
        recall,
        methods=["POST"],
        name=f"POST {path}",
        openapi_extra=body_schema("application/json", _Recall.model_json_schema()),
    )


def _describe(campaign_id: str, found: Recalled) -> dict[str, object]:
    """Return what a caller is told: no path of the server, and no recipient."""
    return {
        "object": "campaign.recall",
        "campaign": campaign_id,
        "dry_run": found.dry_run,
        "finished": not found.faults,
        "campaigns": len(found.now.campaigns),
        "cells": found.now.cells,
        "files": found.now.files,
        "jobs": found.jobs,
        "removed": found.removed,
        "fetched": {
            "files": found.fetched_file_count,
            "cells": [
                {
                    "campaign": file.campaign,
                    "recipient_id": file.recipient_id,
                    "template": file.template,
                    **{
                        name: file.as_row()[name]
                        for name in ("first_fetched_at", "last_fetched_at", "times")
                    },
                }
                for file in found.fetched
                if file.campaign == campaign_id
            ],
        },
    }
