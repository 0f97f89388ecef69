"""The HTTP app behind a real server on a free port of loopback, and bytes on the wire."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from voxgate.adapters.http.server import build_server, open_socket

HOST = "127.0.0.1"
_PATIENCE_S = 20.0


@contextmanager
def live_server(app: FastAPI) -> Iterator[int]:
    """Yield the port of a server that answers; it is stopped at the end."""
    listener = open_socket(HOST, 0)
    server = build_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)
        listener.close()
    assert not thread.is_alive(), "the server did not stop"


def wait_until(is_true: object) -> None:
    """Wait until a function says true; fails after some seconds."""
    assert callable(is_true)
    deadline_s = time.monotonic() + _PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline_s, "it did not come true"
        time.sleep(0.01)


def connected(port: int) -> socket.socket:
    """Return a connection to the server."""
    return socket.create_connection((HOST, port), timeout=_PATIENCE_S)


def exchanged(port: int, request: bytes) -> bytes:
    """Send bytes and return everything until the server closes the connection."""
    with connected(port) as connection:
        connection.sendall(request)
        return read_to_end(connection)


def read_to_end(connection: socket.socket) -> bytes:
    """Return what comes until the end, also where the end is a reset."""
    found = b""
    while True:
        try:
            data = connection.recv(65_536)
        except ConnectionResetError:
            return found
        if not data:
            return found
        found += data
