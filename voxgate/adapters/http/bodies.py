"""Read a request's body: bounded in size and time, JSON with each field once."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from voxgate.adapters.http.faults import BodyTooLargeError, GoneAwayError, SlowUploadError
from voxgate.errors import SpeechRequestError

__all__ = ["parse_fields", "query_values", "read_body", "read_json"]

_Fields = TypeVar("_Fields", bound=BaseModel)


async def read_json(request: Request, *, max_bytes: int, timeout_s: float) -> dict[str, Any]:
    """Return the JSON object that a request holds.

    Raises:
        BodyTooLargeError: it has more bytes; no more of them than that were read.
        SlowUploadError: it did not arrive in time.
        SpeechRequestError: it is no JSON object, or has a field twice.
        GoneAwayError: the client left before its end.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        # Also what keeps pages of other sites out: a browser asks before it sends this type.
        raise SpeechRequestError(None, "not_json", "expected Content-Type: application/json")
    body = await read_body(request, max_bytes=max_bytes, timeout_s=timeout_s)
    try:
        found = json.loads(body, object_pairs_hook=_each_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise SpeechRequestError(None, "not_json", "the body is no JSON") from None
    if not isinstance(found, dict):
        raise SpeechRequestError(None, "not_json", "expected a JSON object")
    return found


async def read_body(request: Request, *, max_bytes: int, timeout_s: float) -> bytes:
    """Return the body of a request.

    Raises:
        BodyTooLargeError, SlowUploadError, GoneAwayError: as `read_json`.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _read(request, max_bytes)
    except TimeoutError:
        raise SlowUploadError(timeout_s) from None
    except ClientDisconnect:
        raise GoneAwayError("the client left before the end of its request") from None


def query_values(request: Request) -> dict[str, str]:
    """Return the parameters of a query.

    Raises:
        SpeechRequestError: one is given twice.
    """
    pairs = request.query_params.multi_items()
    values = dict(pairs)
    if len(values) != len(pairs):
        raise SpeechRequestError(None, "duplicate_parameter", "a parameter is given twice")
    return values


def parse_fields(kind: type[_Fields], values: object) -> _Fields:
    """Return the fields of a request, checked.

    Raises:
        SpeechRequestError: for the first field that is wrong; its message tells all of them.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        named = [(str(fault["loc"][0]) if fault["loc"] else None, fault) for fault in faults]
        told = "; ".join(dict.fromkeys(f"{name}: {_message(fault)}" for name, fault in named))
        raise SpeechRequestError(named[0][0], _code(named[0][1]), told) from None


async def _read(request: Request, max_bytes: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > max_bytes:
        raise BodyTooLargeError(max_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLargeError(max_bytes)
    return bytes(body)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise SpeechRequestError(name[:80], "duplicate_parameter", f"{name[:80]}: given twice")
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _message(fault: Any) -> str:
    known = {
        "extra_forbidden": "there is no such parameter here",
        "missing": "this parameter is needed",
    }
    return known.get(fault["type"], str(fault["msg"]))


def _code(fault: Any) -> str:
    return {
        "extra_forbidden": "unknown_parameter",
        "missing": "missing_required_parameter",
        "string_too_long": "string_above_max_length",
        "string_too_short": "string_below_min_length",
        "too_long": "string_above_max_length",
    }.get(fault["type"], "invalid_value")
