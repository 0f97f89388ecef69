"""What is sent, and what a worker does with it; through a broker in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from celery import Celery
from kombu.transport.memory import Transport

from tests.fakes.postgres import free_port
from voxgate.adapters.queue.celery_app import (
    IDS_A_MESSAGE,
    QUEUES,
    TASK_NAME,
    CeleryJobQueue,
    make_celery_app,
)
from voxgate.errors import ExternalServiceError
from voxgate.serving.requests import Lane


@pytest.fixture
def app() -> Iterator[Celery]:
    app = make_celery_app("memory://")
    yield app
    app.close()
    # What was not read would stay for the next test: the broker is this process.
    Transport.global_state.clear()


def _messages(app: Celery, queue: str) -> list[list[str]]:
    found = []
    with app.connection_for_read() as connection, connection.SimpleQueue(queue) as reader:
        while reader.qsize():
            message = reader.get(block=False)
            assert message.headers["task"] == TASK_NAME
            found.append(message.payload[0][0])
            message.ack()
    return found


def test_ids_go_to_the_queue_of_their_lane_and_nothing_else_does(app: Celery) -> None:
    queue = CeleryJobQueue(app)
    queue.send(["job_a"], lane=Lane.REAL_TIME)
    queue.send(["job_b", "job_c"], lane=Lane.BATCH)
    assert _messages(app, "interactive") == [["job_a"]]
    assert _messages(app, "batch") == [["job_b", "job_c"]]


def test_many_ids_are_several_messages(app: Celery) -> None:
    ids = [f"job_{number}" for number in range(2 * IDS_A_MESSAGE + 1)]
    CeleryJobQueue(app).send(ids, lane=Lane.BATCH)
    messages = _messages(app, "batch")
    assert [len(message) for message in messages] == [IDS_A_MESSAGE, IDS_A_MESSAGE, 1]
    assert [job_id for message in messages for job_id in message] == ids


def test_every_lane_has_a_queue_that_workers_read(app: Celery) -> None:
    assert set(QUEUES) == set(Lane)
    assert [queue.name for queue in app.amqp.queues.values()] == ["interactive", "batch"]


def test_a_task_runs_the_ids_of_its_message() -> None:
    seen: list[list[str]] = []
    app = make_celery_app("memory://", run=seen.append)
    app.tasks[TASK_NAME](["job_a", "job_b"])
    assert seen == [["job_a", "job_b"]]


def test_a_message_is_acknowledged_when_its_work_is_done() -> None:
    task = make_celery_app("memory://", run=len).tasks[TASK_NAME]
    assert task.acks_late
    assert task.reject_on_worker_lost
    assert task.ignore_result


def test_applications_do_not_share_their_tasks() -> None:
    make_celery_app("memory://", run=len)
    assert TASK_NAME not in make_celery_app("memory://").tasks


def test_a_broker_that_is_away_is_said_to_be_and_its_password_is_not() -> None:
    app = make_celery_app(f"redis://:hunter2@127.0.0.1:{free_port()}/0")
    begun = time.monotonic()
    with pytest.raises(ExternalServiceError, match="'batch' cannot be reached") as error:
        CeleryJobQueue(app).send(["job_a"], lane=Lane.BATCH)
    assert time.monotonic() - begun < 3, "somebody waits for their answer"
    assert "hunter2" not in str(error.value)
    app.close()
