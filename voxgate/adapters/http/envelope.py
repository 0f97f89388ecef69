"""What every request and every answer has, whatever is asked: names, headers, and one framing."""

from __future__ import annotations

import logging
import traceback

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voxgate.adapters.http.faults import BrokenAnswerError
from voxgate.adapters.http.problems import respond
from voxgate.adapters.http.tracing import Trace, read_trace
from voxgate.errors import SpeechRequestError

__all__ = ["Envelope"]

_LOGGER = logging.getLogger(__name__)
_ALWAYS = {
    "Cache-Control": "private, no-store",  # speech may hold personal data
    "X-Content-Type-Options": "nosniff",
}
_ONCE = ("host", "authorization", "content-length", "content-type", "transfer-encoding")


class Envelope:
    """Names each request, answers what nobody expected, and refuses ambiguous framing.

    Two lengths, or a length beside chunks, are how one request is hidden in another (RFC 9112,
    section 11.2): a proxy before this server may have read the other one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace = read_trace(headers.getlist("x-request-id"), headers.getlist("traceparent"))
        scope.setdefault("state", {})["trace"] = trace
        begun = False

        async def tell(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add(MutableHeaders(scope=message), trace)
            await send(message)

        request = Request(scope, receive)
        fault = _framing_fault(headers)
        try:
            if fault is not None:
                await respond(request, fault, close=True)(scope, receive, tell)
                return
            await self._app(scope, receive, tell)
        except BrokenAnswerError:
            raise  # begun, told and counted; only the connection is left to be cut
        except Exception as error:
            if begun:
                raise
            # Where it happened, and not its words: they may be a caller's text.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _LOGGER.error(  # noqa: TRY400
                "request %s: %s\n%s", trace.request_id, type(error).__name__, frames
            )
            await respond(request, error)(scope, receive, tell)


def _framing_fault(headers: Headers) -> SpeechRequestError | None:
    for name in _ONCE:
        if len(headers.getlist(name)) > 1:
            return SpeechRequestError(name, "ambiguous_request", f"header {name}: given twice")
    if "content-length" in headers and "transfer-encoding" in headers:
        return SpeechRequestError(
            "transfer-encoding", "ambiguous_request", "a body has a length or comes in chunks"
        )
    return None


def _add(headers: MutableHeaders, trace: Trace) -> None:
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers["X-Request-ID"] = trace.request_id
    headers["traceparent"] = trace.traceparent
