from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakes.executor_work import Doubling
from voxgate.adapters.executors.ordering import WorkersLostError, answers_in_order
from voxgate.errors import WorkerDiedError
from voxgate.executors import Failed


class _Crew:
    """Answers at once; a batch with a deadly item is lost, as often as `lives` says."""

    def __init__(self, deadly: int | None = None, lives: int = 99) -> None:
        self.deadly = deadly
        self.lives = lives
        self.given: list[list[int]] = []
        self.cancelled: list[list[int]] = []

    def submit(self, work: Any, items: Sequence[Any]) -> list[int]:
        del work
        self.given.append(list(items))
        return list(items)

    def wait(self, handle: list[int]) -> list[Any]:
        if self.deadly in handle and self.lives:
            self.lives -= 1
            raise WorkersLostError
        return [2 * item for item in handle]

    def cancel(self, handles: Sequence[list[int]]) -> None:
        self.cancelled += handles


def _answers(crew: _Crew, items: Sequence[int], attempts: int = 3) -> list[int | Failed]:
    return list(answers_in_order(crew, Doubling(), items, chunk=2, ahead=2, attempts=attempts))


def test_no_more_batches_than_allowed_are_under_way() -> None:
    crew = _Crew()
    answers = answers_in_order(crew, Doubling(), range(10), chunk=2, ahead=2, attempts=1)
    next(answers)
    assert crew.given == [[0, 1], [2, 3]]


def test_a_lost_batch_is_done_item_by_item() -> None:
    crew = _Crew(deadly=3, lives=1)
    assert _answers(crew, range(6)) == [0, 2, 4, 6, 8, 10]
    assert crew.given == [[0, 1], [2, 3], [4, 5], [2], [3]]


def test_an_item_is_given_up_after_its_attempts() -> None:
    crew = _Crew(deadly=3)
    answers = _answers(crew, range(4), attempts=3)
    assert answers[:3] == [0, 2, 4]
    assert isinstance(answers[3], Failed)
    assert isinstance(answers[3].error, WorkerDiedError)
    assert crew.given.count([3]) == 3


def test_what_nobody_waits_for_is_cancelled() -> None:
    crew = _Crew()
    answers = answers_in_order(crew, Doubling(), range(10), chunk=2, ahead=2, attempts=1)
    next(answers)
    answers.close()
    assert crew.cancelled == [[2, 3]]
