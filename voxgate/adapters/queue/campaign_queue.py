"""Turns at campaigns by messages of Celery, in a queue of their own, with the settings of jobs.

A message has the id of a campaign and nothing else; see `voxgate/campaigns/work/passing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery import Celery  # type: ignore[import-untyped]
from kombu.exceptions import OperationalError

from voxgate.adapters.queue.celery_app import configured_app
from voxgate.errors import ExternalServiceError
from voxgate.redaction import redacted, safe_cause

__all__ = ["CAMPAIGNS", "TURN_TASK", "CeleryTurnQueue", "make_campaign_app"]

CAMPAIGNS = "campaigns"
TURN_TASK = "voxgate.take_campaign_turn"


def make_campaign_app(broker_url: str, *, take: Callable[[], object] | None = None) -> Celery:
    """Make an application; `take` is a worker's turn, None where one only sends.

    What `take` raises ends the message: it is asked for again where work is open.
    """
    body = None
    if take is not None:

        def body(campaign_id: str) -> None:  # noqa: ARG001  # the rows say whose turn it is
            take()

    return configured_app(broker_url, task=TURN_TASK, body=body, queues=[CAMPAIGNS])


class CeleryTurnQueue:
    """The sending side; implements `TurnQueue`."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def send(self, campaign_id: str) -> None:
        """Ask for a turn; see `TurnQueue.send`."""
        with _reaching(OperationalError):
            self._app.send_task(
                TURN_TASK, args=[campaign_id], queue=CAMPAIGNS, retry=False, ignore_result=True
            )

    def waiting(self) -> int:
        """Return how many messages wait; see `TurnQueue.waiting`."""
        with self._app.connection_or_acquire() as connection:
            lost = (OperationalError, *connection.connection_errors, *connection.channel_errors)
            with _reaching(*lost):
                connection.ensure_connection(max_retries=1, interval_start=0.2)
                queue = connection.default_channel.queue_declare(queue=CAMPAIGNS)
        return int(queue.message_count)


@contextmanager
def _reaching(*lost: type[Exception]) -> Iterator[None]:
    try:
        yield
    except lost as error:
        raise ExternalServiceError(
            f"the queue {CAMPAIGNS!r} cannot be reached: {redacted(str(error))}. Nothing is lost: "
            "work is in the database, and turns are asked for when it is back"
        ) from safe_cause(error)
