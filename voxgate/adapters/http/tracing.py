"""Names of one request: an id that the caller may choose, and W3C Trace Context in and out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

__all__ = ["Trace", "read_trace", "trace_of"]

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What a request is called here and, across services, by W3C Trace Context (version 00)."""

    request_id: str
    trace_id: str
    span_id: str
    flags: str = "00"

    @property
    def traceparent(self) -> str:
        """Return the header that continues the caller's trace from this server."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def read_trace(request_ids: Sequence[str], traceparents: Sequence[str]) -> Trace:
    """Take the caller's names where they are well formed and given once; make others.

    A name that is not is never repeated: it would go into headers and logs.
    """
    given = request_ids[0] if len(request_ids) == 1 else ""
    request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
    trace_id, flags = _parent(traceparents) or (secrets.token_hex(16), "00")
    return Trace(
        request_id=request_id, trace_id=trace_id, span_id=secrets.token_hex(8), flags=flags
    )


def trace_of(request: Request) -> Trace:
    """Return the names that the envelope gave to a request."""
    trace: Trace = request.state.trace
    return trace


def _parent(traceparents: Sequence[str]) -> tuple[str, str] | None:
    if len(traceparents) != 1:
        return None
    found = _TRACEPARENT.fullmatch(traceparents[0])
    if found is None:
        return None
    version, trace_id, span_id, flags, rest = found.groups()
    # Version ff is forbidden; a later version may have more behind a dash, 00 may not.
    if version == "ff" or (version == "00" and rest is not None):
        return None
    if not trace_id.strip("0") or not span_id.strip("0"):
        return None
    return trace_id, flags
