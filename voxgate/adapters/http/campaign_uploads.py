"""Receive a list of recipients: into a file, block by block, bounded in size and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from starlette.requests import ClientDisconnect, Request

from voxgate.adapters.http.faults import BodyTooLargeError, GoneAwayError, SlowUploadError
from voxgate.adapters.http.threads import Threads
from voxgate.errors import SpeechRequestError, StorageError
from voxgate.temporaries import scratch_directory

__all__ = ["received_list"]

_KINDS = ("text/csv", "application/jsonl", "application/x-ndjson")


@asynccontextmanager
async def received_list(
    request: Request, *, max_bytes: int, timeout_s: float, threads: Threads
) -> AsyncIterator[Path]:
    """Yield a file that holds the body; it is gone when the context is left.

    Raises:
        SpeechRequestError: it is announced as something else than a list.
        BodyTooLargeError: it has more bytes; no more of them than that were read.
        SlowUploadError: it did not arrive in time.
        GoneAwayError: the client left before its end.
        StorageError: there is no room for it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        # Also what keeps pages of other sites out: a browser asks before it sends these types.
        raise SpeechRequestError(
            None, "not_a_list", f"expected Content-Type: one of {', '.join(_KINDS)}"
        )
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > max_bytes:
        raise BodyTooLargeError(max_bytes)
    opened = ExitStack()
    try:
        file = await threads.call(opened.enter_context, scratch_directory()) / "recipients"
        target = await threads.call(file.open, "wb")
        try:
            async with asyncio.timeout(timeout_s):
                await _receive(request, target, max_bytes=max_bytes, threads=threads)
        except TimeoutError:
            raise SlowUploadError(timeout_s) from None
        except ClientDisconnect:
            raise GoneAwayError("the client left before the end of its list") from None
        except OSError as error:
            raise StorageError(f"the list cannot be kept: {error.strerror}") from error
        finally:
            await threads.call(target.close)
        yield file
    finally:
        await threads.call(opened.close)


async def _receive(request: Request, target: BinaryIO, *, max_bytes: int, threads: Threads) -> None:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > max_bytes:
            raise BodyTooLargeError(max_bytes)
        await threads.call(target.write, chunk)
