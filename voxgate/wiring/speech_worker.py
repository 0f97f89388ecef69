"""A process that runs speech jobs whose ids come through the broker, with voices of its own."""

from __future__ import annotations

import threading

from voxgate.errors import ConfigError, OverloadedError
from voxgate.serving.pool.devices import CPU
from voxgate.serving.ports import Answer, Caller, SpeechService
from voxgate.serving.requests import SpeechRequest
from voxgate.settings import Settings
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import build_job_tools, open_job_broker
from voxgate.wiring.speech_service import SpeechOptions, open_speech

__all__ = ["run_speech_worker"]


def run_speech_worker(
    checkout: Checkout, *, workers: int, devices: tuple[str, ...] = (CPU,)
) -> None:
    """Take ids until SIGTERM, which lets the job at hand end; one job at a time.

    Its processes speak in the batch lane alone; `devices` are as in `SpeechOptions`.

    Raises:
        ConfigError: there is no broker, or it or a device cannot be used as it is set.
        LedgerError, StorageError, ExternalServiceError: database or disk cannot be used.
    """
    from voxgate.adapters.queue.celery_app import CeleryJobQueue, make_celery_app
    from voxgate.adapters.queue.worker import JobThread, opened, sweep_until

    broker = _require_broker(checkout.settings)
    options = SpeechOptions(
        workers=0, spares=0, batch_workers=workers, keep_on_disk=False, devices=devices
    )
    voice = _Voice()
    tools = build_job_tools(checkout.settings, checkout.workspace, say=voice.say)
    speaking = open_speech(checkout, options)
    with JobThread(tools) as jobs, opened(speaking, jobs.loop) as voice.service:
        stop = threading.Event()
        queue = CeleryJobQueue(make_celery_app(broker))
        sweeper = threading.Thread(target=sweep_until, args=(stop, tools, queue), daemon=True)
        sweeper.start()
        try:
            app = make_celery_app(broker, run=jobs.run)
            app.worker_main(["worker", "--loglevel=INFO", "--without-gossip", "--without-mingle"])
        finally:
            stop.set()
            sweeper.join()


class _Voice:
    """The service, once it is open in the loop of the jobs."""

    service: SpeechService | None = None

    async def say(self, request: SpeechRequest, *, caller: Caller) -> Answer:
        """Implement SayRequest."""
        if self.service is None:
            raise OverloadedError("the worker is starting", retry_after_s=1.0)
        return await self.service.say(request, caller=caller)


def _require_broker(settings: Settings) -> str:
    broker = open_job_broker(settings)
    if broker is None:
        raise ConfigError(
            "VOXGATE_BROKER_URL",
            ["not set: without a broker `voxgate serve` runs jobs itself, and needs no worker"],
        )
    return broker
