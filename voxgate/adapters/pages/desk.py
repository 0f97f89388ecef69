"""A desk for one person: pages on loopback, behind a token, that take answers from nobody else.

A page of another site could reach loopback by the reader's browser. It is kept out by the token in
the path, by the host name (a rebound name is not ours), and for answers by the origin.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any, TypeVar

import uvicorn
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from voxgate.adapters.pages.files import HEADERS, page_files
from voxgate.errors import ExternalServiceError, VoxgateError

__all__ = ["HOST", "MAX_BODY_BYTES", "build_desk", "open_socket", "read_answer", "serve"]

HOST = "127.0.0.1"
MAX_BODY_BYTES = 8_192

Answer = TypeVar("Answer", bound=BaseModel)


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


def build_desk(package: str, routes: Sequence[BaseRoute], *, token: str) -> Starlette:
    """Return the page of a package and its `routes` below `/TOKEN/`; other paths are unknown."""
    own = [
        Route(f"/{name.removesuffix('page.html')}", _static(*content))
        for name, content in page_files(package).items()
    ]
    return Starlette(
        routes=[Mount(f"/{token}", routes=[*own, *routes])],
        middleware=[
            Middleware(BaseHTTPMiddleware, dispatch=_harden),
            Middleware(TrustedHostMiddleware, allowed_hosts=[HOST], www_redirect=False),
        ],
        exception_handlers={VoxgateError: _explain, HTTPException: _explain},
    )


async def read_answer(request: Request, form: type[Answer], *, page: str, what: str) -> Answer:
    """Return what a page of ours sends.

    Args:
        request: a POST.
        form: what is expected in its body, as JSON.
        page: what the page is called, for a message.
        what: what is sent, in the plural: "votes".

    Raises:
        HTTPException: another page sends it, it is too long, or something else.
    """
    own = f"http://{request.headers['host']}"
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.headers.get("origin") != own or kind != "application/json":
        raise HTTPException(403, f"{what} come from the {page} page only")
    try:
        return form.model_validate_json(await _body(request, what))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        raise HTTPException(400, json.dumps(faults)) from None


async def _body(request: Request, what: str) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, f"{what} have at most {MAX_BODY_BYTES} bytes")
    return body


def _static(content: bytes, kind: str) -> Any:
    return lambda _request: Response(content, media_type=kind)


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
