"""Hold a page open for one person, as the commands do that have one."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from socket import socket

__all__ = ["hold_page"]


def hold_page(
    serve: Callable[[socket, str], None], *, port: int, greeting: str, promise: str
) -> None:
    """Print where the page is and serve it until Ctrl-C; what follows is the caller's.

    Args:
        serve: answers at a socket, below a token, until the process is interrupted.
        port: port on loopback; 0 is any free one.
        greeting: what the page is for.
        promise: what becomes of an answer, said beside the address.

    Raises:
        ExternalServiceError: the port is taken.
    """
    from voxgate.wiring.desk_pages import open_socket

    token = secrets.token_urlsafe(32)
    with open_socket(port) as listener:
        host, bound = listener.getsockname()
        sys.stdout.write(
            f"{greeting}\nhttp://{host}:{bound}/{token}/ (stop with Ctrl-C; {promise})\n"
        )
        sys.stdout.flush()
        # The server has closed when it is raised; what is left is to say what came of it.
        with suppress(KeyboardInterrupt):
            serve(listener, token)
