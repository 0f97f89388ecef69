"""Serve the pages that one person works at, on loopback: listening, reviewing."""

from __future__ import annotations

import socket

from voxgate.corpus.reviewing.room import Room as ReviewRoom
from voxgate.release.listening.room import Room as ListeningRoom

__all__ = ["open_socket", "serve_listening", "serve_review"]


def open_socket(port: int) -> socket.socket:
    """Bind a port of the loopback interface; 0 is any free one.

    Raises:
        ExternalServiceError: the port is taken.
    """
    from voxgate.adapters.pages import desk

    return desk.open_socket(port)


def serve_listening(room: ListeningRoom, listener: socket.socket, *, token: str) -> None:
    """Answer requests below `/TOKEN/` until the process is interrupted."""
    from voxgate.adapters.listening import server
    from voxgate.adapters.pages import desk

    desk.serve(server.build_app(room, token=token), listener)


def serve_review(room: ReviewRoom, listener: socket.socket, *, token: str) -> None:
    """Answer requests below `/TOKEN/` until the process is interrupted."""
    from voxgate.adapters.pages import desk
    from voxgate.adapters.reviewing import server

    desk.serve(server.build_app(room, token=token), listener)
