"""Speech jobs over HTTP: submit one, look how it stands, cancel it, fetch what became of it."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voxgate.adapters.http.bodies import parse_fields, query_values, read_json
from voxgate.adapters.http.door import Door
from voxgate.adapters.http.faults import RefusedAddressError
from voxgate.adapters.http.idempotency import idempotency_key
from voxgate.adapters.http.job_documents import describe_job
from voxgate.adapters.http.openai_dialect import JobFields, read_job
from voxgate.adapters.http.schemas import body_schema
from voxgate.adapters.http.settings import HttpSettings
from voxgate.adapters.http.stored_files import send_file
from voxgate.adapters.http.threads import Threads
from voxgate.errors import AccessDeniedError
from voxgate.serving.jobs.assets import StoredAsset
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.jobs.records import ENDED, JobDraft, JobStatus, SpeechJob
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane

__all__ = ["add_job_routes"]

ROUTE = "/v1/speech-jobs"
ADDRESSES = "/a"
"""Below it lie the addresses that need no key; `UrlSigner` makes them."""

_RIGHT = "jobs"
_THREADS = 8
_WITH_BYTES = (200, 206)
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
    """Every question waits in a thread for a database, a broker or a disk.

    The threads are their own: real-time speech goes on while all of them wait.
    """

    def __init__(self, desk: JobDesk, *, door: Door, settings: HttpSettings) -> None:
        self._desk = desk
        self._door = door
        self._settings = settings
        self._threads = Threads(_THREADS, name="jobs")

    async def submit(self, request: Request) -> Response:
        """Take a job; the same key and body name the same job."""
        caller, slot = await self._door.enter(request, _RIGHT)
        try:
            draft = await self._draft(request, caller)
            submission = await self._threads.call(self._desk.submit, draft)
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
        found = await self._threads.call(
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
        job = await self._threads.call(self._desk.find, job_id, key_id=caller.key_id)
        return await self._tell(request, job, headers=_waiting(job))

    async def cancel(self, request: Request, job_id: str) -> Response:
        """End a job that is not wanted any more."""
        caller = await self._door.identify(request, _RIGHT)
        job = await self._threads.call(self._desk.cancel, job_id, key_id=caller.key_id)
        return await self._tell(request, job)

    async def audio(self, request: Request, job_id: str) -> Response:
        """Send the speech of a job."""
        caller = await self._door.identify(request, _RIGHT)
        stored = await self._threads.call(self._desk.audio, job_id, key_id=caller.key_id)
        return await self._send(request, stored, name=job_id)

    async def signed(self, request: Request, asset_id: str) -> Response:
        """Send the speech of an address to whoever has it."""
        query = parse_fields(_Address, query_values(request))
        try:
            stored = await self._threads.call(
                self._desk.signed_audio, asset_id, **query.model_dump()
            )
        except AccessDeniedError as error:
            raise RefusedAddressError(str(error)) from None  # no key would help
        answer = await self._send(request, stored, name=asset_id)
        if request.method == "GET" and answer.status_code in _WITH_BYTES:
            self._desk.note_fetch(asset_id)
        return answer

    async def _send(self, request: Request, stored: StoredAsset, *, name: str) -> Response:
        read, threads = self._desk.read, self._threads
        return await send_file(request, stored, name=name, read=read, threads=threads)

    async def _draft(self, request: Request, caller: Caller) -> JobDraft:
        key = idempotency_key(request, "a job which is sent twice is made once")
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
        address = await self._threads.call(self._desk.address, job)
        if address is not None and address.url.startswith("/"):
            # A service that was not told how others reach it was reached by this name.
            here = str(request.base_url).rstrip("/")
            address = replace(address, url=f"{here}{address.url}")
        return describe_job(job, address)


def _waiting(job: SpeechJob) -> dict[str, str]:
    """Say when to look again."""
    if job.status in ENDED:
        return {}
    return {"Retry-After": str(_ASK_AGAIN_S[job.lane])}
