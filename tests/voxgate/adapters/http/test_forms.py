from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from voxgate.adapters.http.faults import BodyTooLargeError
from voxgate.adapters.http.forms import Part, read_form, text_of
from voxgate.errors import SpeechRequestError

KIND = "multipart/form-data; boundary=x-1"


def part(name: str, content: bytes, file_name: str | None = None) -> bytes:
    named = "" if file_name is None else f'; filename="{file_name}"'
    head = f'--x-1\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def read(body: bytes, kind: str = KIND, *, max_bytes: int = 10_000, block: int = 7) -> Any:
    blocks = [body[start : start + block] for start in range(0, len(body), block)] or [b""]

    async def receive() -> dict[str, Any]:
        data = blocks.pop(0)
        return {"type": "http.request", "body": data, "more_body": bool(blocks)}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    names = {"name", "recording"}
    form = read_form(Request(scope, receive), names=names, max_bytes=max_bytes, timeout_s=5)
    return asyncio.run(form)


def code_of(body: bytes, kind: str = KIND) -> str:
    with pytest.raises(SpeechRequestError) as refused:
        read(body, kind)
    return refused.value.code


@pytest.mark.parametrize(
    "content", [b"", b"\r\n", b"\r", b"a--x-1b", b"\r\n--x", bytes(range(256)) * 9, b"a\r\n\r\nb"]
)
def test_bytes_come_as_they_were_sent(content: bytes) -> None:
    body = part("name", "Änna".encode()) + part("recording", content, "a.wav") + b"--x-1--\r\n"
    form = read(body)
    assert form["recording"] == Part(content=content, file_name="a.wav")
    assert text_of(form, "name") == "Änna"
    assert form["name"].file_name is None


@pytest.mark.parametrize(
    "kind",
    ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 71,
     "multipart/mixed; boundary=x-1"],
)  # fmt: skip
def test_another_type_is_no_form(kind: str) -> None:
    assert code_of(part("name", b"a") + b"--x-1--", kind) == "not_multipart"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form",
        part("name", b"a"),
        part("name", b"a") + part("recording", b"RIFF", "a.wav")[:-2],
        b"--x-1\r\nContent-Disposition: form-data; name",
        b"--x-1\r\n\r\nno header\r\n--x-1--",
        b"--x-1\r\nContent-Disposition: \xff\xfe\r\n\r\na\r\n--x-1--",
        b'--x-1\r\nContent-Disposition: form-data; name="name"\r\n\r\na--x-1--',
    ],
    ids=range(8),
)
def test_a_form_without_its_end_is_refused(body: bytes) -> None:
    assert code_of(body) == "upload_truncated"


def test_each_part_is_known_and_comes_once() -> None:
    once = part("name", b"a")
    assert code_of(once + once + b"--x-1--") == "duplicate_parameter"
    assert code_of(part("path", b"a") + b"--x-1--") == "unknown_parameter"
    nameless = b"--x-1\r\nContent-Disposition: form-data\r\n\r\na\r\n--x-1--"
    assert code_of(nameless) == "unknown_parameter"


def test_a_thousand_parts_are_refused() -> None:
    with pytest.raises(SpeechRequestError):
        read(b"".join(part("name", b"") for _ in range(1_000)), max_bytes=10**6, block=10**6)


def test_a_form_is_read_no_further_than_it_may_be() -> None:
    with pytest.raises(BodyTooLargeError):
        read(part("recording", bytes(20_000)) + b"--x-1--")


def test_a_text_is_short_and_unicode() -> None:
    for content, code in ((b"\xff", "invalid_value"), (b"a" * 65_537, "string_above_max_length")):
        with pytest.raises(SpeechRequestError) as refused:
            text_of({"name": Part(content=content, file_name=None)}, "name")
        assert (refused.value.code, refused.value.field) == (code, "name")
    assert text_of({}, "name") is None
