"""Campaigns over HTTP: make one, give it recipients, plan, decide, hear, read."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.bodies import parse_fields, query_values, read_json
from voxgate.adapters.http.campaign_documents import (
    describe_campaign,
    describe_cell,
    describe_dry_run,
    describe_made,
    describe_sentence,
    describe_state,
    describe_upload,
    page_of,
)
from voxgate.adapters.http.campaign_uploads import received_list
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.idempotency import idempotency_key, require_idempotency_key
from voxgate.adapters.http.schemas import body_schema
from voxgate.adapters.http.settings import HttpSettings
from voxgate.adapters.http.threads import Threads
from voxgate.campaigns.records import CellState, SentenceState
from voxgate.campaigns.service import Action, CampaignService, DryRunStatus
from voxgate.campaigns.spec import CampaignSpec
from voxgate.printable import describe_character, find_unprintable

__all__ = ["CAMPAIGNS", "add_campaign_routes"]

CAMPAIGNS = "/v1/campaigns"
_RIGHT = "campaigns"
_THREADS = 8
_UPLOAD_THREADS = 4
_ASK_AGAIN_S = 5
_LIST = {"type": "string", "description": "One recipient a row; `recipient_id` names it."}


_SENTENCE = r"^[!-~]{0,128}$"
"""What the key of a sentence can be; no other text is put to a database."""


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=20, ge=1, le=200)


class _Campaigns(_Query):
    after: str | None = Field(default=None, max_length=60)


class _Items(_Query):
    status: CellState | None = None
    proof: bool = False
    texts: bool = False
    after: str | None = Field(default=None, pattern=r"^[0-9]{1,15}\.[a-z][a-z0-9_]{0,39}$")


class _Sentences(_Query):
    status: SentenceState = SentenceState.NEEDS_REVIEW
    after: str = Field(default="", pattern=_SENTENCE)


class _Nothing(BaseModel):
    """A body that says nothing: an object without members."""

    model_config = ConfigDict(extra="forbid")


class _Reason(BaseModel):
    """Why something is decided; it goes into the campaign's events."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=500)

    @field_validator("reason")
    @classmethod
    def _prints(cls, text: str) -> str:
        if hidden := find_unprintable(text):
            raise ValueError(f"{describe_character(hidden)} does not print")
        return text


class _Sentence(BaseModel):
    """Which sentence is meant."""

    key: str = Field(pattern=_SENTENCE)


def add_campaign_routes(
    app: FastAPI, service: CampaignService, *, door: Door, settings: HttpSettings
) -> None:
    """Add the routes of campaigns."""
    routes = _CampaignRoutes(service, door=door, settings=settings)
    one = f"{CAMPAIGNS}/{{campaign_id}}"
    nothing, reason = _json(_Nothing), _json(_Reason)
    file = CampaignSpec.model_json_schema(mode="serialization")
    file["required"].remove("campaign")  # the address has it

    def add(method: str, path: str, answer: Any, **options: Any) -> None:
        app.add_api_route(path, answer, methods=[method], name=f"{method} {path}", **options)

    add("PUT", one, routes.put, openapi_extra=body_schema("application/json", file))
    add("GET", CAMPAIGNS, routes.page)
    add("GET", one, routes.find)
    add("POST", f"{one}/recipients", routes.recipients, openapi_extra=_list_schema())
    add("POST", f"{one}/dry-run", routes.dry_run, status_code=202, openapi_extra=nothing)
    add("GET", f"{one}/dry-run", routes.last_dry_run)
    for action in Action:
        wanted = _Nothing if action is Action.START else _Reason
        answer = partial(routes.decide, action)
        extra = nothing if wanted is _Nothing else reason
        add("POST", f"{one}/{action.value}", _named(answer, action.value), openapi_extra=extra)
    add("GET", f"{one}/items", routes.items)
    add("GET", f"{one}/sentences", routes.sentences)
    add("POST", f"{one}/sentences/{{key}}/accept", routes.accept, openapi_extra=reason)
    add("GET", f"{one}/report", routes.report)


class _CampaignRoutes:
    """Every question waits in a thread; lists have threads of their own, as they take long."""

    def __init__(self, service: CampaignService, *, door: Door, settings: HttpSettings) -> None:
        self._service = service
        self._door = door
        self._settings = settings
        self._threads = Threads(_THREADS, name="campaigns")
        self._uploads = Threads(_UPLOAD_THREADS, name="recipients")

    async def put(self, request: Request, campaign_id: str) -> Response:
        """Make a draft of a campaign file; the same again is the same campaign."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            document = await self._json(request)
            made = await self._threads.call(self._service.put, campaign_id, document, caller=caller)
        finally:
            slot.leave()
        return JSONResponse(
            describe_made(made),
            status_code=201 if made.is_new else 200,
            headers={**slot.headers, "Location": f"{CAMPAIGNS}/{made.campaign.id}"},
        )

    async def page(self, request: Request) -> Response:
        """List the caller's campaigns, newest first."""
        caller = await self._door.identify(request, _RIGHT)
        wanted = parse_fields(_Campaigns, query_values(request))
        found = [
            describe_state(one)
            for one in await self._threads.call(self._service.campaigns, caller=caller)
        ]
        if wanted.after is not None:
            ids = [one["id"] for one in found]
            found = found[ids.index(wanted.after) + 1 :] if wanted.after in ids else []
        return JSONResponse(page_of(found, limit=wanted.limit, name="id"))

    async def find(self, request: Request, campaign_id: str) -> Response:
        """Tell how a campaign stands."""
        caller = await self._door.identify(request, _RIGHT)
        shown = await self._threads.call(self._service.show, campaign_id, caller=caller)
        return JSONResponse(describe_campaign(shown))

    async def recipients(self, request: Request, campaign_id: str) -> Response:
        """Take a list of recipients; the same again adds nothing."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            why = "a list that is sent twice is taken once"
            key = require_idempotency_key(idempotency_key(request, why))
            # Of a campaign that is not there, or not the caller's, nothing is received.
            await self._threads.call(self._service.show, campaign_id, caller=caller)
            async with received_list(
                request,
                max_bytes=self._settings.max_list_bytes,
                timeout_s=self._settings.list_timeout_s,
                threads=self._uploads,
            ) as file:
                taken = await self._uploads.call(
                    self._service.add_recipients,
                    campaign_id,
                    file,
                    idempotency_key=key,
                    caller=caller,
                )
        finally:
            slot.leave()
        headers = dict(slot.headers)
        if taken.replayed:
            headers["Idempotent-Replayed"] = "true"
        return JSONResponse(describe_upload(taken), headers=headers)

    async def dry_run(self, request: Request, campaign_id: str) -> Response:
        """Begin to plan a campaign; how it goes is told at the address that comes back."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            parse_fields(_Nothing, await self._json(request))
            run = await self._threads.call(self._service.dry_run, campaign_id, caller=caller)
        finally:
            slot.leave()
        address = f"{CAMPAIGNS}/{run.campaign}/dry-run"
        headers = {**slot.headers, "Location": address, "Retry-After": str(_ASK_AGAIN_S)}
        return JSONResponse(describe_dry_run(run), status_code=202, headers=headers)

    async def last_dry_run(self, request: Request, campaign_id: str) -> Response:
        """Tell how the newest dry run stands, and what it found."""
        caller = await self._door.identify(request, _RIGHT)
        run = await self._threads.call(self._service.last_dry_run, campaign_id, caller=caller)
        is_open = run.status in {DryRunStatus.QUEUED, DryRunStatus.RUNNING}
        headers = {"Retry-After": str(_ASK_AGAIN_S)} if is_open else None
        return JSONResponse(describe_dry_run(run), headers=headers)

    async def decide(self, action: Action, request: Request, campaign_id: str) -> Response:
        """Start, approve, pause, resume or cancel a campaign."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            given = await self._json(request)
            reason = ""
            if action is Action.START:
                parse_fields(_Nothing, given)
            else:
                reason = parse_fields(_Reason, given).reason
            shown = await self._threads.call(
                self._service.decide, campaign_id, action, reason=reason, caller=caller
            )
        finally:
            slot.leave()
        return JSONResponse(describe_campaign(shown), headers=dict(slot.headers))

    async def items(self, request: Request, campaign_id: str) -> Response:
        """List cells, each with its state and, where it is stored, an address."""
        caller = await self._door.identify(request, _RIGHT)
        wanted = parse_fields(_Items, query_values(request))
        number, _, template = (wanted.after or "0.").partition(".")
        found = await self._threads.call(
            self._service.cells,
            campaign_id,
            caller=caller,
            state=wanted.status,
            proof=wanted.proof,
            texts=wanted.texts,
            after=(int(number), template),
            limit=wanted.limit + 1,
        )
        documents = [describe_cell(one, _here(request)) for one in found]
        return JSONResponse(page_of(documents, limit=wanted.limit, name="id"))

    async def sentences(self, request: Request, campaign_id: str) -> Response:
        """List sentences of a state, each with its best try to hear."""
        caller = await self._door.identify(request, _RIGHT)
        wanted = parse_fields(_Sentences, query_values(request))
        found = await self._threads.call(
            self._service.sentences,
            campaign_id,
            caller=caller,
            state=wanted.status,
            after=wanted.after,
            limit=wanted.limit + 1,
        )
        documents = [describe_sentence(one, _here(request)) for one in found]
        return JSONResponse(page_of(documents, limit=wanted.limit, name="key"))

    async def accept(self, request: Request, campaign_id: str, key: str) -> Response:
        """Let a sentence pass that needed review."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            reason = parse_fields(_Reason, await self._json(request)).reason
            key = parse_fields(_Sentence, {"key": key}).key
            await self._threads.call(
                self._service.accept, campaign_id, key, reason=reason, caller=caller
            )
            shown = await self._threads.call(self._service.show, campaign_id, caller=caller)
        finally:
            slot.leave()
        return JSONResponse(describe_campaign(shown), headers=dict(slot.headers))

    async def report(self, request: Request, campaign_id: str) -> Response:
        """Return the newest report that was written."""
        caller = await self._door.identify(request, _RIGHT)
        found = await self._threads.call(self._service.report, campaign_id, caller=caller)
        return JSONResponse(dict(found))

    async def _json(self, request: Request) -> dict[str, Any]:
        settings = self._settings
        return await read_json(
            request, max_bytes=settings.max_body_bytes, timeout_s=settings.body_timeout_s
        )


def _here(request: Request) -> str:
    """Return by which name this service was reached."""
    return str(request.base_url).rstrip("/")


def _named(decide: Any, name: str) -> Any:
    """Return a route of one decision; its name and words are those of the schema."""

    async def answer(request: Request, campaign_id: str) -> Response:
        response: Response = await decide(request, campaign_id)
        return response

    answer.__name__ = f"{name}_campaign"
    answer.__doc__ = f"{name.capitalize()} a campaign."
    return answer


def _json(kind: type[BaseModel]) -> dict[str, Any]:
    return body_schema("application/json", kind.model_json_schema())


def _list_schema() -> dict[str, Any]:
    found = body_schema("text/csv", dict(_LIST))
    content = found["requestBody"]["content"]
    content["application/jsonl"] = content["text/csv"]
    return found
