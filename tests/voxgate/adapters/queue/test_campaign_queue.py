"""Messages that ask for turns, through a broker in memory and through a real Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import Celery
from kombu.transport.memory import Transport

from tests.fakes.postgres import free_port
from tests.fakes.redis_server import redis_server
from voxgate.adapters.queue.campaign_queue import (
    CAMPAIGNS,
    TURN_TASK,
    CeleryTurnQueue,
    make_campaign_app,
)
from voxgate.adapters.queue.celery_app import QUEUES, make_celery_app
from voxgate.errors import ExternalServiceError


@pytest.fixture
def app() -> Iterator[Celery]:
    app = make_campaign_app("memory://")
    yield app
    app.close()
    # What was not read would stay for the next test: the broker is this process.
    Transport.global_state.clear()


def test_a_message_has_the_id_of_a_campaign_and_nothing_else(app: Celery) -> None:
    CeleryTurnQueue(app).send("spring")
    with app.connection_for_read() as connection, connection.SimpleQueue(CAMPAIGNS) as reader:
        message = reader.get(block=False)
        assert message.headers["task"] == TURN_TASK
        assert message.payload[:2] == [["spring"], {}]
        message.ack()


def test_messages_that_wait_are_counted(app: Celery) -> None:
    queue = CeleryTurnQueue(app)
    assert queue.waiting() == 0
    for _ in range(3):
        queue.send("spring")
    assert queue.waiting() == 3


def test_a_message_is_a_turn_whoever_it_names() -> None:
    taken: list[str] = []
    app = make_campaign_app("memory://", take=lambda: taken.append("turn"))
    app.tasks[TURN_TASK]("spring")
    app.tasks[TURN_TASK]("autumn")
    assert taken == ["turn", "turn"]


def test_turns_have_the_settings_of_jobs_and_a_queue_of_their_own() -> None:
    turns, jobs = make_campaign_app("memory://", take=int), make_celery_app("memory://", run=len)
    own = {"task_queues", "task_default_queue"}
    set_here = {"task_acks_late", "worker_pool", "worker_prefetch_multiplier"}
    found, expected = ({**app.conf} for app in (turns, jobs))
    assert set_here <= found.keys()
    differing = {name for name in found if found[name] != expected.get(name)}
    assert differing <= own
    assert [queue.name for queue in turns.amqp.queues.values()] == [CAMPAIGNS]
    assert CAMPAIGNS not in QUEUES.values()
    task = turns.tasks[TURN_TASK]
    assert task.acks_late
    assert task.reject_on_worker_lost


def test_a_broker_that_is_away_is_said_to_be_and_its_password_is_not() -> None:
    app = make_campaign_app(f"redis://:hunter2@127.0.0.1:{free_port()}/0")
    queue = CeleryTurnQueue(app)
    for ask in (queue.waiting, lambda: queue.send("spring")):
        with pytest.raises(ExternalServiceError, match="'campaigns' cannot be reached") as error:
            ask()
        assert "hunter2" not in str(error.value)
    app.close()


@pytest.mark.slow
def test_redis_counts_what_waits_in_it() -> None:
    with redis_server() as url:
        app = make_campaign_app(url)
        queue = CeleryTurnQueue(app)
        queue.send("spring")
        queue.send("spring")
        assert queue.waiting() == 2
        app.close()
