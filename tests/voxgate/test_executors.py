from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.executor_work import Closed, Counting, Doubling, Unopenable
from voxgate.errors import ConfigError, RecordingError
from voxgate.executors import Failed, SerialExecutor, values


def test_nothing_is_opened_for_nothing(tmp_path: Path) -> None:
    assert list(SerialExecutor().map_ordered(Counting(tmp_path / "opened"), [])) == []
    assert not (tmp_path / "opened").exists()


def test_items_are_taken_one_at_a_time() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(9):
            taken.append(item)
            yield item

    answers = SerialExecutor().map_ordered(Doubling(), items())
    assert [next(answers), next(answers)] == [0, 2]
    assert taken == [0, 1]


def test_a_work_is_closed_when_its_answers_are_not_wanted_any_more(tmp_path: Path) -> None:
    answers = SerialExecutor().map_ordered(Closed(tmp_path / "closed"), [1, 2, 3])
    assert next(answers) == 1
    answers.close()
    assert (tmp_path / "closed").exists()


def test_values_raises_the_first_error_in_its_place() -> None:
    answers = values(SerialExecutor().map_ordered(Doubling(), [1, -2, 3]))
    assert next(answers) == 2
    with pytest.raises(RecordingError, match="-2: expected a number") as caught:
        next(answers)
    assert caught.value.code == "negative"


def test_what_cannot_be_opened_fails_every_item() -> None:
    first, second = SerialExecutor().map_ordered(Unopenable(), [1, 2])
    assert isinstance(first, Failed)
    assert isinstance(first.error, ConfigError)
    assert first.error.faults == ("absent",)
    assert first is second
