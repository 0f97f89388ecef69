"""Speech jobs over HTTP: submit one, look how it stands, cancel it, fetch what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.bodies import parse_fields, query_values, read_json
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.faults import RefusedAddressError
from voxgate.adapters.http.job_documents import describe_job
from voxgate.adapters.http.openai_dialect import JobFields, read_job
from voxgate.adapters.http.schemas import body_schema
from voxgate.adapters.http.settings import HttpSettings
from voxgate.adapters.http.stored_files import send_file
from voxgate.errors import AccessDeniedError, SpeechRequestError
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.jobs.records import ENDED, JobDraft, JobStatus, SpeechJob
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane

__all__ = ["add_job_routes"]

ROUTE = "/v1/speech-jobs"
ADDRESSES = "/a"
"""Below it lie the addresses that need no key; `UrlSigner` makes them."""

_RIGHT = "jobs"
_ASK_AGAIN_S = {Lane.REAL_TIME: 1, Lane.BATCH: 5}


class _Wanted(BaseModel):
    """The query of a list."""

    model_config = ConfigDict(extra="forbid")

    status: JobStatus | None = None
    limit: int = Field(default=20, ge=1, le=100)
    after: str | None = Field(default=None, max_length=80)


class _Address(BaseModel):
    """The query of an address that needs no key."""

    model_config = ConfigDict(extra="forbid")

    expires: str
    signature: str


def add_job_routes(app: FastAPI, desk: JobDesk, *, door: Door, settings: HttpSettings) -> None:
    """Add the routes of jobs; those of addresses only where this service signs them."""
    routes = _JobRoutes(desk, door=door, settings=settings)
    one, audio = f"{ROUTE}/{{job_id}}", f"{ROUTE}/{{job_id}}/audio"
    app.add_api_route(
        ROUTE,
        routes.submit,
        methods=["POST"],
        status_code=202,
        openapi_extra=body_schema("application/json", JobFields.model_json_schema()),
    )
    app.add_api_route(ROUTE, routes.page, methods=["GET"])
    app.add_api_route(one, routes.find, methods=["GET"])
    app.add_api_route(one, routes.cancel, methods=["DELETE"])
    for method in ("GET", "HEAD"):  # together they would share one name in the schema
        app.add_api_route(audio, routes.audio, methods=[method], name=f"{method} {audio}")
        if desk.signer is not None:
            path = f"{ADDRESSES}/{{asset_id}}"
            app.add_api_route(path, routes.signed, methods=[method], name=f"{method} {path}")


class _JobRoutes:
    """Every question is answered in a thread: it waits for a database or a disk."""

    def __init__(self, desk: JobDesk, *, door: Door, settings: HttpSettings) -> None:
        self._desk = desk
        self._door = door
        self._settings = settings

    async def submit(self, request: Request) -> Response:
        """Take a job; the same key and body name the same job."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            draft = await self._draft(request, caller)
            submission = await asyncio.to_thread(self._desk.submit, draft)
            job = submission.job
            headers = {**slot.headers, **_waiting(job), "Location": f"{ROUTE}/{job.id}"}
            if submission.replayed:
                headers["Idempotent-Replayed"] = "true"
            status = 200 if job.status in ENDED else 202
            return await self._tell(request, job, status=status, headers=headers)
        finally:
            slot.leave()

    async def page(self, request: Request) -> Response:
        """List the caller's jobs, newest first."""
        caller = await self._door.identify(request, _RIGHT)
        wanted = parse_fields(_Wanted, query_values(request))
        found = await asyncio.to_thread(
            self._desk.page,
            key_id=caller.key_id,
            status=wanted.status,
            limit=wanted.limit,
            after=wanted.after,
        )
        return JSONResponse(
            {
                "object": "list",
                "data": [await self._document(request, job) for job in found.jobs],
                "has_more": found.has_more,
                "last_id": found.jobs[-1].id if found.jobs else None,
            }
        )

    async def find(self, request: Request, job_id: str) -> Response:
        """Tell how a job stands."""
        caller = await self._door.identify(request, _RIGHT)
        job = await asyncio.to_thread(self._desk.find, job_id, key_id=caller.key_id)
        return await self._tell(request, job, headers=_waiting(job))

    async def cancel(self, request: Request, job_id: str) -> Response:
        """End a job that is not wanted any more."""
        caller = await self._door.identify(request, _RIGHT)
        job = await asyncio.to_thread(self._desk.cancel, job_id, key_id=caller.key_id)
        return await self._tell(request, job)

    async def audio(self, request: Request, job_id: str) -> Response:
        """Send the speech of a job."""
        caller = await self._door.identify(request, _RIGHT)
        stored = await asyncio.to_thread(self._desk.audio, job_id, key_id=caller.key_id)
        return await send_file(request, stored, name=job_id, read=self._desk.read)

    async def signed(self, request: Request, asset_id: str) -> Response:
        """Send the speech of an address to whoever has it."""
        query = parse_fields(_Address, query_values(request))
        try:
            stored = await asyncio.to_thread(
                self._desk.signed_audio, asset_id, **query.model_dump()
            )
        except AccessDeniedError as error:
            raise RefusedAddressError(str(error)) from None  # no key would help
        return await send_file(request, stored, name=asset_id, read=self._desk.read)

    async def _draft(self, request: Request, caller: Caller) -> JobDraft:
        key = _idempotency_key(request)
        settings = self._settings
        values = await read_json(
            request, max_bytes=settings.max_body_bytes, timeout_s=settings.body_timeout_s
        )
        wanted, output = read_job(values, settings)
        return JobDraft(
            caller=caller,
            route=ROUTE,
            idempotency_key=key,
            request=wanted,
            format=output.encoding,
            sample_rate_hz=output.rate_hz,
        )

    async def _tell(
        self,
        request: Request,
        job: SpeechJob,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        document = await self._document(request, job)
        return JSONResponse(document, status_code=status, headers=headers)

    async def _document(self, request: Request, job: SpeechJob) -> dict[str, object]:
        address = await asyncio.to_thread(self._desk.address, job)
        if address is not None and address.url.startswith("/"):
            # A service that was not told how others reach it was reached by this name.
            here = str(request.base_url).rstrip("/")
            address = replace(address, url=f"{here}{address.url}")
        return describe_job(job, address)


def _idempotency_key(request: Request) -> str:
    """Return what names the submission; `JobDraft` says which keys can be kept.

    Raises:
        SpeechRequestError: there is none, or there are several.
    """
    given = request.headers.getlist("idempotency-key")
    if not given:
        raise SpeechRequestError(
            "Idempotency-Key",
            "idempotency_key_missing",
            "Idempotency-Key: this header is needed, so that a job which is sent twice is made "
            "once; a random UUID will do",
        )
    if len(given) > 1:
        raise SpeechRequestError(
            "Idempotency-Key", "ambiguous_request", "header Idempotency-Key: given twice"
        )
    return given[0]


def _waiting(job: SpeechJob) -> dict[str, str]:
    """Say when to look again."""
    if job.status in ENDED:
        return {}
    return {"Retry-After": str(_ASK_AGAIN_S[job.lane])}
