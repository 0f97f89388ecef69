"""What ties a rank to the stage that had it started: it ends with it, and tells it its error.

torchrun puts each rank into a session of its own and hands it no descriptor but the standard ones.
So a rank reads its standard input: a pipe whose other end only the stage has.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.errors import VoxgateError
from voxgate.files import write_json
from voxgate.module_process import tell_error

__all__ = ["ENDS_WITH_INPUT", "TOLD", "started_as_rank", "tied_to_stage"]

ENDS_WITH_INPUT = "VOXGATE_RANK_ENDS_WITH_INPUT"
"""Set for ranks that a stage had started, and for no others: theirs may be a terminal."""

TOLD = "told"
"""Where an error is in the file that torchrun reads; its own entries are beside it."""


def started_as_rank() -> bool:
    """Whether torchrun started this process, for a stage or by hand."""
    return "WORLD_SIZE" in os.environ


@contextmanager
def tied_to_stage() -> Iterator[None]:
    """End, in the context, when the stage does; leave an error of ours where torchrun finds it."""
    if os.environ.get(ENDS_WITH_INPUT):
        threading.Thread(target=_await_stage, daemon=True).start()
    try:
        yield
    except VoxgateError as error:
        # torchrun gives each rank that it starts a file for its error.
        if path := os.environ.get("TORCHELASTIC_ERROR_FILE"):
            write_json(Path(path), _report(error))
        raise


def _await_stage() -> None:
    while os.read(0, 1):
        pass
    # Nothing may be written any more, so nobody is asked: a point that is half-written is none.
    os.kill(os.getpid(), signal.SIGKILL)


def _report(error: VoxgateError) -> dict[str, object]:
    return {
        "message": f"{type(error).__name__}: {error}",
        "timestamp": int(utc_now().timestamp()),  # by which torchrun says who was first
        TOLD: tell_error(error),
    }
