"""`GET /`: the page of the service, for a person. It holds nothing; what it shows it asks for."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from voxgate.adapters.http.door import Door
from voxgate.adapters.pages.files import HEADERS, page_files
from voxgate.errors import AccessDeniedError

__all__ = ["add_page", "page_for"]

_NEEDED, _OPTIONAL = b'data-key="needed"', b'data-key="optional"'


def add_page(app: FastAPI, *, door: Door) -> None:
    """Add the page and its files to an app. They are the same for everybody and need no key.

    The page is told whether whoever fetches it needs one, so that it asks for it at once.
    """
    own = page_files("voxgate.adapters.http")
    page, kind = own["page.html"]

    app.add_api_route("/", page_for(door, page, kind), methods=["GET"], include_in_schema=False)
    for name, content in own.items():
        if name.endswith(".html"):  # a page has an address of its own
            continue
        app.add_api_route(
            f"/page/{name}", _always(*content), methods=["GET"], include_in_schema=False
        )


def page_for(door: Door, page: bytes, kind: str) -> Any:
    """Return a route that sends a page, which is told whether whoever fetches it needs a key."""

    async def show(request: Request) -> Response:
        try:
            await door.identify(request)
        except AccessDeniedError:
            return Response(page, media_type=kind, headers=HEADERS)
        return Response(page.replace(_NEEDED, _OPTIONAL), media_type=kind, headers=HEADERS)

    return show


def _always(content: bytes, kind: str) -> Any:
    async def answer(_request: Request) -> Response:
        return Response(content, media_type=kind, headers=HEADERS)

    return answer
