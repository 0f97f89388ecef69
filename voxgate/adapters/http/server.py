"""Listen: one process, one event loop, and connections that end when nobody takes what is sent."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from voxgate.errors import ExternalServiceError

__all__ = ["build_server", "open_socket"]

_UNACKNOWLEDGED_MS = 60_000
_SEND_BUFFER_BYTES = 262_144
"""Some seconds of audio: what a slow reader can have waiting here is bounded."""

_KEEP_ALIVE_S = 30
_DRAIN_S = 30
_MAX_CONNECTIONS = 4_096
_BACKLOG = 2_048


def open_socket(host: str, port: int) -> socket.socket:
    """Bind an address; port 0 is any free one. See `require_safe_bind` for which may be bound.

    Raises:
        ExternalServiceError: it is taken, or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ExternalServiceError(
            f"{host} port {port}: {error.strerror}; name another one, or port 0 for any"
        ) from error
    # Accepted connections inherit it: a peer that takes nothing does not keep its buffer for ever.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    return listener


def build_server(app: FastAPI, *, max_connections: int = _MAX_CONNECTIONS) -> uvicorn.Server:
    """Return the server; `run(sockets=[…])` answers until it is told to end, then drains.

    One process: more of them would share no queue, no cache and no limits.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,  # a query of /tts is somebody's text
        server_header=False,
        proxy_headers=False,  # who asks is who connects; a header can say anything
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_DRAIN_S,
        limit_concurrency=max_connections,
    )
    return uvicorn.Server(config)
