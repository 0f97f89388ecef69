from __future__ import annotations

from pathlib import Path

from tests.fakes.executor_work import Closed, Counting, Doubling
from voxgate.adapters.executors.worker import Bench


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
