"""One writer at a time in a checkout: of `build/` (a run), of `data/` (an addition).

The lock is the kernel's (`flock`), so a holder that dies, by SIGKILL too, frees it at that moment;
a time to live would make the next run wait for a corpse. A stage ends with its run
(`voxgate/tether.py`); for the seconds that this takes it keeps the inherited descriptor, and with
it the lock. The file's text only tells the second comer who holds it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.errors import LockHeldError
from voxgate.files import recover_directory
from voxgate.stage import Workspace
from voxgate.tether import GRACE_S

__all__ = ["checkout_lease", "data_lease"]

ENDING_S = GRACE_S + 2.0
ADDING_S = 120.0
"""How long one addition waits for another; copying gigabytes may take longer, and is named then."""

_LOGGER = logging.getLogger(__name__)
EVERY_S = 0.1


@contextmanager
def checkout_lease(
    path: Path, *, purpose: str, wait_s: float = ENDING_S, now: datetime | None = None
) -> Iterator[int]:
    """Hold the lease at `path`; yields its file descriptor for children to inherit.

    Raises:
        LockHeldError: another process holds it, still after `wait_s` (by default the time that the
            stage of a killed run has to end); the message says which and since when.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, path, wait_s)
        since = (now or utc_now()).isoformat(timespec="seconds")
        text = json.dumps(
            {"purpose": purpose, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
        )
        os.ftruncate(handle, 0)
        os.pwrite(handle, text.encode(), 0)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def data_lease(workspace: Workspace, *, purpose: str, wait_s: float = ADDING_S) -> Iterator[None]:
    """Hold data/ while it is read as a whole, planned upon, or replaced.

    What a killed holder had begun to put in place is finished first.

    Raises:
        LockHeldError: another command holds it, still after `wait_s`.
        StorageError: what was begun cannot be finished.
    """
    with checkout_lease(workspace.data_lock, purpose=purpose, wait_s=wait_s):
        recover_directory(workspace.data_dir)
        yield


def _take(handle: int, path: Path, wait_s: float) -> None:
    began = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(handle)
            if (waited_s := time.monotonic() - began) < wait_s:
                if not told and waited_s > 1:
                    told = True
                    _LOGGER.warning(
                        "waiting for %s: held by %s; at most %.0f s", path, holder, wait_s
                    )
                time.sleep(EVERY_S)
                continue
            raise LockHeldError(
                f"{path} is held by {holder}. Wait for that command to end, or end it; "
                "the lease is free as soon as its processes are gone.",
                holder=holder,
            ) from None
        return


def _holder(handle: int) -> str:
    try:
        facts = json.loads(os.pread(handle, 4096, 0))
        return f"{facts['purpose']} (pid {facts['pid']} on {facts['host']}, since {facts['since']})"
    except (ValueError, KeyError):
        return "a command that has just begun"
