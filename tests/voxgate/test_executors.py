from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.executor_work import Closed, Counting, Doubling, Unopenable
from voxgate.errors import ConfigError, RecordingError
from voxgate.executors import Bench, Failed, SerialExecutor, values


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


def test_a_work_stays_open_until_the_executor_ends(tmp_path: Path) -> None:
    with SerialExecutor() as executor:
        for _ in range(2):
            assert list(executor.map_ordered(Closed(tmp_path / "closed"), [1, 2])) == [1, 2]
        assert not (tmp_path / "closed").exists()
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


def test_an_equal_work_stays_open(tmp_path: Path) -> None:
    bench = Bench()
    for _ in range(3):
        bench.do(Counting(tmp_path / "opened"), [1, 2])
    assert len((tmp_path / "opened").read_text().splitlines()) == 1


def test_works_that_take_turns_stay_open(tmp_path: Path) -> None:
    bench = Bench()
    for _ in range(3):
        for number in range(4):
            bench.do(Counting(tmp_path / f"opened-{number}"), [1])
    for number in range(4):
        assert len((tmp_path / f"opened-{number}").read_text().splitlines()) == 1


def test_one_work_too_many_closes_the_one_that_was_not_used_for_longest(tmp_path: Path) -> None:
    bench = Bench(kept=2)
    first, second = Closed(tmp_path / "first"), Closed(tmp_path / "second")
    for work in (first, second, first):
        bench.do(work, [1])
    assert bench.do(Doubling(), [4]) == [8]
    assert (tmp_path / "second").exists()
    assert not (tmp_path / "first").exists()


def test_cleared_it_closes_all(tmp_path: Path) -> None:
    bench = Bench()
    for name in ("first", "second"):
        bench.do(Closed(tmp_path / name), [1])
    bench.clear()
    assert (tmp_path / "first").exists()
    assert (tmp_path / "second").exists()
