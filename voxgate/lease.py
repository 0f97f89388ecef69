"""One run at a time in a checkout.

The lock is the kernel's (`flock`), so a holder that dies, by SIGKILL too, frees it at that moment;
a time to live would make the next run wait for a corpse. A stage that outlives its flow keeps the
inherited descriptor and with it the lock. The file's text only tells the second comer who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.errors import LockHeldError

__all__ = ["checkout_lease"]


@contextmanager
def checkout_lease(path: Path, *, purpose: str, now: datetime | None = None) -> Iterator[int]:
    """Hold the lease at `path`; yields its file descriptor for children to inherit.

    Raises:
        LockHeldError: another process holds it; the message says which and since when.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeldError(
                f"{path} is held by {_holder(handle)}. Wait for that run to end, or end it; "
                "the lease is free as soon as its processes are gone."
            ) from None
        since = (now or utc_now()).isoformat(timespec="seconds")
        text = json.dumps(
            {"purpose": purpose, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
        )
        os.ftruncate(handle, 0)
        os.pwrite(handle, text.encode(), 0)
        yield handle
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        facts = json.loads(os.pread(handle, 4096, 0))
        return f"{facts['purpose']} (pid {facts['pid']} on {facts['host']}, since {facts['since']})"
    except (ValueError, KeyError):
        return "a run that has just begun"
