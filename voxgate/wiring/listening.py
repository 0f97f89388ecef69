"""Serve the listening page."""

from __future__ import annotations

import socket

from voxgate.release.listening.room import Room

__all__ = ["open_socket", "serve_room"]


def open_socket(port: int) -> socket.socket:
    """Bind a port of the loopback interface; 0 is any free one.

    Raises:
        ExternalServiceError: the port is taken.
    """
    from voxgate.adapters.listening import server

    return server.open_socket(port)


def serve_room(room: Room, listener: socket.socket, *, token: str) -> None:
    """Answer requests below `/TOKEN/` until the process is interrupted."""
    from voxgate.adapters.listening import server

    server.serve(server.build_app(room, token=token), listener)
