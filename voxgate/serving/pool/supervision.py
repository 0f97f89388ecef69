"""A worker process as the pool sees it: started, listened to by a thread, ended for certain.

A worker is a fresh interpreter, never a fork: a voice hangs in a process that was forked after
OpenMP had begun (docs/speech_pool.md). So what OpenMP is told stands in the environment before
anything is imported, and a keeper (`voxgate.tether`) ends the worker if this process dies.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from voxgate.errors import ConfigError, WorkerLostError
from voxgate.module_process import PipedModule
from voxgate.serving.pool.devices import OwnedDevice
from voxgate.serving.pool.protocol import (
    Cancel,
    Failed,
    Ready,
    Setup,
    Speak,
    ToPool,
    ToWorker,
)
from voxgate.serving.requests import Utterance

__all__ = [
    "PoolSettings",
    "StartWorker",
    "Worker",
    "WorkerLink",
    "WorkerProcess",
    "open_worker",
]


@dataclass(frozen=True, kw_only=True)
class PoolSettings:
    """How many processes, and what they may take. One worker is one core.

    With `devices` there is one worker a device, which serves both lanes; the numbers of workers and
    spares say nothing then.

    Raises:
        ConfigError: a number is too small.
    """

    real_time_workers: int = 1
    batch_workers: int = 1
    spares: int = 1
    """Further warm processes of the real-time lane, which speak when another cannot."""

    real_time_waiting: int = 8
    batch_waiting: int = 64
    max_deliveries: int = 3
    """So many workers may die one after the other at the same sentence."""

    voices: int = 2
    """Voices that a worker keeps; two, so that a promotion does not load them in turns."""

    loader: str = "voxgate.speaking.loading:load_voice"
    root: Path | None = None
    """Given to the loader, where it needs to know a checkout."""

    devices: tuple[OwnedDevice, ...] = ()
    """Each is owned by one process; none: the processor speaks."""

    max_orders: int = 10_000
    max_growth_bytes: int = 512 << 20
    """A worker that has spoken so often, or grown so much since it was ready, is replaced."""

    start_s: float = 300.0
    stall_s: float = 300.0
    """A worker that is silent for so long, at its start or at a sentence, is ended.

    On a busy machine a batch worker needs it: the lowest priority is a seventieth of a core.
    """

    def __post_init__(self) -> None:
        least = {name: 1 for name in vars(self) if name not in {"loader", "root", "devices"}}
        least |= {"spares": 0, "real_time_workers": 0}
        faults = [
            f"{name}: expected at least {bound}, got {getattr(self, name)}"
            for name, bound in least.items()
            if (getattr(self, name) <= 0 if bound else getattr(self, name) < 0)
        ]
        if faults:
            raise ConfigError("speech pool", faults)


class WorkerLink(Protocol):
    """Something that speaks `protocol` at the other end of a pipe."""

    @property
    def pipe(self) -> Connection:
        """The pool's end."""
        ...

    def end(self) -> str:
        """End it, wait for that, and say how it went; may be called again."""
        ...


StartWorker = Callable[..., WorkerLink]
"""Called without arguments; with `environment`, a mapping, for the owner of a device."""


class WorkerProcess(PipedModule):
    """A worker in a process of its own; see `start_module` for `environment`."""

    def __init__(self, *, environment: Mapping[str, str] | None = None) -> None:
        super().__init__("voxgate.serving.pool.worker", environment=environment)


class Worker:
    """A worker that is ready or busy; belongs to one event loop."""

    def __init__(self, link: WorkerLink) -> None:
        self._link = link
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[ToPool | None] = asyncio.Queue()
        self._order = 0
        self.gone: asyncio.Future[None] = self._loop.create_future()
        """Done once the pipe has ended."""

        self.ready = Ready(pid=0, rss_bytes=0, warm_up_s=0.0)
        """What it said when it was; `open_worker` returns it so."""

        self.rss_bytes = 0
        self.orders = 0
        """How many it has finished."""

        # Not a task of an executor: it waits for as long as the worker lives.
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def send(self, message: ToWorker) -> None:
        """Send a message; to a worker that is gone it is not sent, and `gone` says so."""
        with suppress(OSError):
            self._link.pipe.send(message)

    def speak(self, utterance: Utterance, *, first: int) -> int:
        """Ask for an utterance and return the number of the order."""
        self._order += 1
        self.send(Speak(order=self._order, utterance=utterance, first=first))
        return self._order

    def cancel(self, order: int) -> None:
        """Ask to stop before the next sentence."""
        self.send(Cancel(order=order))

    async def next(self, *, within_s: float) -> ToPool:
        """Return the next message.

        Raises:
            WorkerLostError: it died, or said nothing for so long.
        """
        try:
            async with asyncio.timeout(within_s):
                message = await self._messages.get()
        except TimeoutError:
            raise WorkerLostError(f"a worker said nothing for {within_s:g} s") from None
        if message is None:
            raise WorkerLostError("a worker died")
        return message

    async def close(self) -> str:
        """End the process, wait for it, and say how it went."""
        how = await asyncio.to_thread(self._link.end)
        await self.gone
        self._link.pipe.close()
        return how

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                message: ToPool = self._link.pipe.recv()
                self._loop.call_soon_threadsafe(self._messages.put_nowait, message)
        self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._messages.put_nowait(None)
        self.gone.set_result(None)


async def open_worker(start: Callable[[], WorkerLink], setup: Setup, *, within_s: float) -> Worker:
    """Start a worker and wait until it has spoken the warm-up.

    Raises:
        WorkerLostError: it died or took too long.
        TextError, VoiceError, WeightsError, SpeechError: it cannot speak the warm-up.
    """
    starting = asyncio.ensure_future(asyncio.to_thread(start))
    try:
        link = await asyncio.shield(starting)
    except asyncio.CancelledError:  # what was started is ended all the same
        await asyncio.to_thread((await starting).end)
        raise
    worker = Worker(link)
    try:
        worker.send(setup)
        worker.ready = _expect_ready(await worker.next(within_s=within_s))
    except BaseException:
        await worker.close()
        raise
    worker.rss_bytes = worker.ready.rss_bytes
    return worker


def _expect_ready(message: ToPool) -> Ready:
    if isinstance(message, Failed):
        raise message.exception()
    assert isinstance(message, Ready)
    return message
