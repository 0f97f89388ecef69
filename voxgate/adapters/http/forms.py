"""Read an uploaded form (multipart/form-data, RFC 7578): bounded, whole, and each part once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from voxgate.adapters.http.bodies import read_body
from voxgate.errors import SpeechRequestError

__all__ = ["Part", "read_form", "text_of"]

_MOST_PARTS = 16
_LONGEST_BOUNDARY = 70  # RFC 2046, section 5.1.1
_LONGEST_NAME = 80
_LONGEST_TEXT_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a form; `file_name` is what the sender calls it, and is never opened."""

    content: bytes = field(repr=False)
    file_name: str | None


async def read_form(
    request: Request, *, names: Collection[str], max_bytes: int, timeout_s: float
) -> Mapping[str, Part]:
    """Return the parts of a form by name; only parts of `names` are known.

    Raises:
        BodyTooLargeError, SlowUploadError, GoneAwayError: as `read_json`.
        SpeechRequestError: it is no form, it ends before its end, or a part is unknown or comes
            twice.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise SpeechRequestError(
            None, "not_multipart", "expected Content-Type: multipart/form-data with its boundary"
        )
    body = await read_body(request, max_bytes=max_bytes, timeout_s=timeout_s)
    found: dict[str, Part] = {}
    for name, part in _parts(body, boundary.encode()):
        if name not in names:
            known = ", ".join(sorted(names))
            raise SpeechRequestError(
                name[:_LONGEST_NAME], "unknown_parameter", f"there is no such part; known: {known}"
            )
        if name in found:
            raise SpeechRequestError(name, "duplicate_parameter", f"{name}: given twice")
        found[name] = part
    return found


def text_of(form: Mapping[str, Part], name: str) -> str | None:
    """Return the text of a part; None where it is absent or empty.

    Raises:
        SpeechRequestError: it is too long, or no UTF-8.
    """
    if name not in form or not form[name].content:
        return None
    if len(form[name].content) > _LONGEST_TEXT_BYTES:
        raise SpeechRequestError(
            name,
            "string_above_max_length",
            f"{name}: {len(form[name].content)} bytes, at most {_LONGEST_TEXT_BYTES}",
        )
    try:
        return form[name].content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SpeechRequestError(name, "invalid_value", f"{name}: expected UTF-8") from None


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, Part]]:
    """Yield the parts in order.

    Raises:
        SpeechRequestError: there are too many of them, or the last one has no end.
    """
    decoder = MultipartDecoder(boundary, max_parts=_MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    name, file_name, content = "", None, bytearray()
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, Field | File):
                # A part without a name is typed as text, and is None.
                name, content = event.name or "", bytearray()
                file_name = event.filename if isinstance(event, File) else None
            elif isinstance(event, Data):
                content += event.data
                if not event.more_data:
                    yield name, Part(content=bytes(content), file_name=file_name)
    except RequestEntityTooLarge:
        raise SpeechRequestError(
            None, "too_many_parts", f"the form has more than {_MOST_PARTS} parts"
        ) from None
    except (ValueError, AttributeError):  # how the decoder says that a line is none, or is missing
        raise SpeechRequestError(
            None, "upload_truncated", "the form ends before its end, or is none; send it again"
        ) from None
