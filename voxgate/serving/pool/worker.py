"""The program of a worker process: it loads voices, and speaks one utterance after the other.

    python -m voxgate.serving.pool.worker DESCRIPTOR     (a socket that speaks `protocol`)

`supervision` starts it with the environment that keeps it on one thread. It ends when its pipe
does.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from voxgate.politeness import leave_the_processor_to_others
from voxgate.serving.pool.protocol import (
    SETUP_ORDER,
    Cancel,
    Done,
    Failed,
    Ready,
    Sentence,
    Setup,
    Speak,
    ToPool,
    ToWorker,
)
from voxgate.serving.pool.voices import Speaker, named_loader

__all__ = ["main", "serve"]

_LOG = logging.getLogger(__name__)


class _Orders:
    """What the pool asks for; read by a thread, so that a cancellation is heard at work."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._waiting: queue.SimpleQueue[Speak | None] = queue.SimpleQueue()
        self._cancelled = 0
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def __iter__(self) -> Iterator[Speak]:
        while (order := self._waiting.get()) is not None:
            yield order

    def wanted(self, order: int) -> bool:
        """Whether somebody still waits for an order."""
        return not self._ended and self._cancelled != order

    def _read(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                message: ToWorker = self._pipe.recv()
                if isinstance(message, Speak):
                    self._waiting.put(message)
                elif isinstance(message, Cancel):
                    self._cancelled = message.order  # numbers grow: an old one hurts nobody
        self._ended = True
        self._waiting.put(None)


def serve(pipe: Connection, setup: Setup) -> int:
    """Get ready, then answer over a pipe until it ends; return an exit status."""
    try:
        speaker = Speaker(named_loader(setup.loader, setup.root), voices=setup.voices)
        began = time.perf_counter()
        for _ in speaker.speak(setup.warm_up):
            pass  # spoken to be warm: nobody hears it
    except Exception as error:  # noqa: BLE001  # whatever it is, the pool says why it has no worker
        _LOG.exception("a speech worker could not set up")
        pipe.send(Failed.of(error, order=SETUP_ORDER, rss_bytes=_resident_bytes()))
        return 1
    warm_up_s = time.perf_counter() - began
    pipe.send(Ready(pid=os.getpid(), rss_bytes=_resident_bytes(), warm_up_s=warm_up_s))
    orders = _Orders(pipe)
    for order in orders:
        pipe.send(_carry_out(order, speaker, pipe, orders))
    return 0


def _carry_out(order: Speak, speaker: Speaker, pipe: Connection, orders: _Orders) -> ToPool:
    sentences = speaker.speak(order.utterance, first=order.first)
    while orders.wanted(order.order):
        try:
            spoken = next(sentences, None)
        except Exception as error:  # noqa: BLE001  # one text must not end the worker of all
            return Failed.of(error, order=order.order, rss_bytes=_resident_bytes())
        if spoken is None:
            break
        pipe.send(Sentence(order=order.order, spoken=spoken))
    return Done(order=order.order, rss_bytes=_resident_bytes())


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    """Serve over the descriptor that the command line names."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says what an interrupt means
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    with Connection(int(sys.argv[1])) as pipe:
        try:
            setup: Setup = pipe.recv()
            if setup.polite:
                leave_the_processor_to_others()
            return serve(pipe, setup)
        except (EOFError, OSError):  # the pool is gone, and with it whoever would read a report
            return 0


if __name__ == "__main__":
    sys.exit(main())
