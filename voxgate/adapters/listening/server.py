"""The listening page's server: loopback only, behind a token, and nothing to write but votes.

A page of another site could reach loopback by the reader's browser. It is kept out by the token in
the path, by the host name (a rebound name is not ours), and for votes by the origin.
"""

from __future__ import annotations

import json
import socket
from typing import Any

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from voxgate.adapters.pages.files import HEADERS, page_files
from voxgate.errors import ExternalServiceError, VoxgateError
from voxgate.release.listening.room import SIDES, Answer, Room

__all__ = ["HOST", "build_app", "open_socket", "serve"]

HOST = "127.0.0.1"
MAX_BODY_BYTES = 8_192


def open_socket(port: int) -> socket.socket:
    """Bind a port of the loopback interface; 0 is any free one.

    Raises:
        ExternalServiceError: the port is taken.
    """
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise ExternalServiceError(
            f"port {port} of {HOST}: {error.strerror}; name another one, or 0 for any"
        ) from error


def serve(app: Starlette, listener: socket.socket) -> None:
    """Answer requests until the process is interrupted."""
    # The access log would keep the token.
    config = uvicorn.Config(
        app, lifespan="off", log_level="warning", access_log=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[listener])


def build_app(room: Room, *, token: str) -> Starlette:
    """Return the page and its data below `/TOKEN/`; every other path is unknown."""
    own = page_files("voxgate.adapters.listening")
    routes = [
        Route(f"/{name.removesuffix('page.html')}", _static(*content))
        for name, content in own.items()
    ]
    routes += [
        Route("/room", lambda _request: JSONResponse(room.overview())),
        Route("/result", lambda _request: JSONResponse(room.result())),
        Route("/trials/{number:int}", _trial(room)),
        Route("/trials/{number:int}/vote", _vote(room), methods=["POST"]),
        Route("/trials/{number:int}/{side}.wav", _audio(room)),
    ]
    return Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        middleware=[
            Middleware(BaseHTTPMiddleware, dispatch=_harden),
            Middleware(TrustedHostMiddleware, allowed_hosts=[HOST], www_redirect=False),
        ],
        exception_handlers={VoxgateError: _explain, HTTPException: _explain},
    )


def _static(content: bytes, kind: str) -> Any:
    return lambda _request: Response(content, media_type=kind)


def _trial(room: Room) -> Any:
    return lambda request: JSONResponse(room.trial(_number(room, request)))


def _audio(room: Room) -> Any:
    def play(request: Request) -> Response:
        number, side = _number(room, request), request.path_params["side"]
        if side not in tuple(SIDES[: len(room.trials[number].order)]):
            raise HTTPException(404, f"no side {side!r}")
        return Response(room.audio(number, SIDES.index(side)), media_type="audio/wav")

    return play


def _vote(room: Room) -> Any:
    async def vote(request: Request) -> Response:
        number = _number(room, request)
        _require_own_page(request)
        answer = _parse(await _body(request), sides=len(room.trials[number].order))
        return JSONResponse(await run_in_threadpool(room.vote, number, answer))

    return vote


def _number(room: Room, request: Request) -> int:
    number: int = request.path_params["number"]
    if number >= len(room.trials):
        raise HTTPException(404, f"there are {len(room.trials)} prompts here")
    return number


def _require_own_page(request: Request) -> None:
    own = f"http://{request.headers['host']}"
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.headers.get("origin") != own or kind != "application/json":
        raise HTTPException(403, "votes come from the listening page only")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, f"a vote has at most {MAX_BODY_BYTES} bytes")
    return body


def _parse(body: bytes, *, sides: int) -> Answer:
    try:
        answer = Answer.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        raise HTTPException(400, json.dumps(faults)) from None
    wanted = ("rating", "choice")[sides - 1]
    if (answer.choice is None, answer.rating is None) != (sides == 1, sides > 1):
        raise HTTPException(400, f"expected a {wanted} and nothing else")
    return answer


async def _harden(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    response.headers.update(HEADERS)
    return response


def _explain(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 409
    message = error.detail if isinstance(error, HTTPException) else str(error)
    if isinstance(error, ExternalServiceError):
        status = 503
    return JSONResponse({"error": type(error).__name__, "message": message}, status_code=status)
