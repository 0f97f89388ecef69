"""The Celery application: messages with ids, two queues, at least once.

A message may come twice, late, or never. Each setting says what it is against; the figures behind
them are in docs/speech_jobs.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from celery import Celery  # type: ignore[import-untyped]
from kombu.entity import Queue
from kombu.exceptions import OperationalError

from voxgate.errors import ExternalServiceError
from voxgate.redaction import redacted, safe_cause
from voxgate.serving.requests import Lane

__all__ = ["QUEUES", "TASK_NAME", "CeleryJobQueue", "configured_app", "make_celery_app"]

QUEUES = {Lane.REAL_TIME: "interactive", Lane.BATCH: "batch"}
"""The first is emptied first. Priorities of single messages are approximate on Redis; queues are
not."""

TASK_NAME = "voxgate.run_speech_jobs"
IDS_A_MESSAGE = 8
"""So that a message takes seconds, far less than the visibility timeout."""

VISIBILITY_TIMEOUT_S = 120

_SENDING = {"max_retries": 1, "interval_start": 0.2}
"""Somebody waits for their answer, and the row is stored: the sweeper has more time."""


def make_celery_app(
    broker_url: str, *, run: Callable[[Sequence[str]], object] | None = None
) -> Celery:
    """Make an application; `run` is what a worker does with ids, None where one only sends.

    The queue's own failures never reach a caller of a job: whatever `run` raises ends the message,
    and the sweeper sends the ids again.
    """
    body = None
    if run is not None:

        def body(ids: list[str]) -> None:
            run(ids)

    return configured_app(broker_url, task=TASK_NAME, body=body, queues=tuple(QUEUES.values()))


def configured_app(
    broker_url: str, *, task: str, body: Callable[..., None] | None, queues: Sequence[str]
) -> Celery:
    """Make an application with these queues; `body` is what a worker does with a message.

    The last queue is that of messages which name none. Without a body one only sends.
    """
    app = Celery("voxgate", broker=broker_url, set_as_current=False)
    app.conf.update(
        # Forked torch hangs, and a forked process shares a GPU badly: one process, one job.
        worker_pool="solo",
        worker_concurrency=1,
        # A message is gone only when its work is done, also when the worker was killed.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # A slow worker does not hoard.
        worker_prefetch_multiplier=1,
        worker_disable_prefetch=True,
        # The row is the result.
        task_ignore_result=True,
        result_backend=None,
        task_queues=[Queue(name) for name in queues],  # type: ignore[no-untyped-call]
        task_default_queue=queues[-1],
        broker_transport_options={
            # A message that nobody acknowledged comes again after so long.
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "queue_order_strategy": "priority",
            # A broker that went away without a word is noticed.
            "socket_timeout": 10,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 30,
            **(_SENDING if body is None else {}),
        },
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # What runs goes on while the broker is away: it publishes into the database.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        accept_content=["json"],
        task_serializer="json",
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
    )
    if body is not None:
        # Not shared: or every other application of this process would get it too.
        app.task(body, name=task, shared=False)
    return app


class CeleryJobQueue:
    """The sending side; implements `JobQueue`."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def send(self, ids: Sequence[str], *, lane: Lane) -> None:
        """Send ids in messages of a few; see `JobQueue.send`."""
        try:
            for start in range(0, len(ids), IDS_A_MESSAGE):
                message: dict[str, Any] = {"args": [list(ids[start : start + IDS_A_MESSAGE])]}
                self._app.send_task(
                    TASK_NAME, queue=QUEUES[lane], retry=False, ignore_result=True, **message
                )
        except OperationalError as error:
            raise ExternalServiceError(
                f"the queue {QUEUES[lane]!r} cannot be reached: {redacted(str(error))}. The jobs "
                "are stored, and the sweeper sends them when it is back"
            ) from safe_cause(error)
