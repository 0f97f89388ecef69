"""What holds for every executor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.executor_work import Doubling, Unopenable
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.errors import ConfigError, RecordingError
from voxgate.executors import Executor, Failed, SerialExecutor
from voxgate.settings import Settings
from voxgate.wiring.workers import build_executor


@pytest.fixture(
    scope="module", params=["serial", "processes", pytest.param("ray", marks=pytest.mark.slow)]
)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "serial":
        yield SerialExecutor()
    elif request.param == "processes":
        with ProcessExecutor(2) as processes:
            yield processes
    else:
        settings = Settings(executor="ray", workers=2)  # a cluster of its own, on loopback
        with build_executor(settings) as cluster:
            yield cluster


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_answers_come_in_the_order_of_the_items(executor: Executor, chunk: int) -> None:
    answers = executor.map_ordered(Doubling(), range(20), chunk=chunk)
    assert list(answers) == [2 * item for item in range(20)]


def test_a_bad_item_is_an_answer_and_the_others_have_theirs(executor: Executor) -> None:
    one, bad, three = executor.map_ordered(Doubling(), [1, -2, 3], chunk=3)
    assert (one, three) == (2, 6)
    assert isinstance(bad, Failed)
    assert isinstance(bad.error, RecordingError)
    assert bad.error.code == "negative"
    assert str(bad.error) == "-2: expected a number of at least 0"


def test_a_work_that_cannot_be_opened_says_so_for_every_item(executor: Executor) -> None:
    for answer in executor.map_ordered(Unopenable(), [1, 2]):
        assert isinstance(answer, Failed)
        assert isinstance(answer.error, ConfigError)
        assert answer.error.where == "weights"


def test_a_fault_of_the_program_is_raised(executor: Executor) -> None:
    with pytest.raises(ZeroDivisionError, match="a fault of the program"):
        list(executor.map_ordered(Doubling(), [1, 666]))


def test_without_items_there_are_no_answers(executor: Executor) -> None:
    assert list(executor.map_ordered(Doubling(), [])) == []


def test_items_are_taken_as_workers_become_free(executor: Executor) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(1_000):
            taken += 1
            yield item

    answers = executor.map_ordered(Doubling(), items(), chunk=2)
    assert next(answers) == 0
    assert taken <= 2 * 2 * executor.workers
    answers.close()
    assert list(executor.map_ordered(Doubling(), [5])) == [10]
