"""Send stored speech: the whole of a file, a part of it, or only what is known of it.

A file never changes under its name, so its sha256 is a strong validator: a download that broke off
goes on where it ended, and a player may jump.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from voxgate.adapters.http.delivery import unless_gone
from voxgate.adapters.http.faults import (
    BrokenAnswerError,
    GoneAwayError,
    UnsatisfiableRangeError,
)
from voxgate.adapters.http.threads import Threads
from voxgate.errors import SpeechRequestError
from voxgate.serving.jobs.assets import MEDIA_TYPES, ByteRange, StoredAsset, parse_range

__all__ = ["send_file"]

_LOGGER = logging.getLogger(__name__)
_SUFFIXES = {
    media_type: name
    for name, media_type in MEDIA_TYPES.items()
    if name != "ulaw"  # is a WAV file
}

Read = Callable[[str, ByteRange | None], Iterator[bytes]]


async def send_file(
    request: Request, stored: StoredAsset, *, name: str, read: Read, threads: Threads
) -> Response:
    """Answer GET or HEAD for a stored file; it is saved under `name`, which is plain ASCII.

    The first block is read before the answer begins: what fails by then still has a status.

    Raises:
        UnsatisfiableRangeError: a part was asked for that is not there.
        UnknownAssetError, StorageError, ExternalServiceError: the file cannot be read.
    """
    tag = f'"{stored.sha256}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": stored.cache_control,
        # Whatever lies there is saved or played, and never shown as a page of this site.
        "Content-Disposition": f'attachment; filename="{name}.{_SUFFIXES[stored.media_type]}"',
    }
    if stored.tags:
        headers["Cache-Tag"] = ",".join(stored.tags)  # caches take it out, and forget by it
    if _is_known(request, tag):
        return Response(status_code=304, headers=headers)
    part = _part(request, stored.bytes, tag)
    size = stored.bytes if part is None else part.stop - part.start
    headers |= {"Content-Type": stored.media_type, "Content-Length": str(size)}
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{stored.bytes}"
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    first, rest = await threads.call(_begin, read, stored.asset_id, part)
    blocks = _Blocks(first=first, rest=rest, name=stored.asset_id, threads=threads)
    return _FileStream(blocks, status=status, headers=headers)


def _is_known(request: Request, tag: str) -> bool:
    given = ",".join(request.headers.getlist("if-none-match"))
    # A validator that was weakened on its way still names the same bytes here.
    tags = (each.strip().removeprefix("W/") for each in given.split(","))
    return any(each in (tag, "*") for each in tags)


def _part(request: Request, size: int, tag: str) -> ByteRange | None:
    """Return the part that is asked for, None for all; `If-Range` asks for all of a changed file.

    Raises:
        UnsatisfiableRangeError: nothing lies there.
    """
    given, condition = request.headers.getlist("range"), request.headers.getlist("if-range")
    if len(given) != 1 or condition not in ([], [tag]):
        return None
    try:
        return parse_range(given[0], size)
    except SpeechRequestError:
        raise UnsatisfiableRangeError(size) from None


def _begin(read: Read, asset_id: str, part: ByteRange | None) -> tuple[bytes, Iterator[bytes]]:
    blocks = read(asset_id, part)
    return next(blocks, b""), blocks


@dataclass(frozen=True, kw_only=True)
class _Blocks:
    """The blocks of a file, of which the first is there already."""

    first: bytes
    rest: Iterator[bytes]
    name: str
    threads: Threads

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield them.

        Raises:
            BrokenAnswerError: the rest cannot be read.
        """
        block = self.first
        while block:
            yield block
            try:
                block = await self.threads.call(next, self.rest, b"")
            except Exception as error:  # noqa: BLE001  # its words name paths, and go no further
                _LOGGER.warning("asset %s broke off: %s", self.name, type(error).__name__)
                raise BrokenAnswerError(f"asset {self.name} broke off") from None


class _FileStream(Response):
    """A body of known length, a block at a time."""

    def __init__(self, blocks: _Blocks, *, status: int, headers: dict[str, str]) -> None:
        self.status_code = status
        self.background = None
        self.raw_headers = [
            (key.lower().encode("latin-1"), value.encode("latin-1"))
            for key, value in headers.items()
        ]
        self._blocks = blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all, unless the reader leaves.

        Raises:
            BrokenAnswerError: the rest of the file cannot be read; the server then cuts the
                connection, and the client sees that bytes are missing.
        """
        with suppress(GoneAwayError):
            await unless_gone(Request(scope, receive), self._send(send))

    async def _send(self, send: Send) -> None:
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        async for block in self._blocks:
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
