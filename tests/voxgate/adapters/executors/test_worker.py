from __future__ import annotations

from pathlib import Path

from tests.fakes.executor_work import Closed, Counting, Doubling
from voxgate.adapters.executors.worker import Bench


def test_an_equal_work_stays_open(tmp_path: Path) -> None:
    bench = Bench()
    for _ in range(3):
        bench.do(Counting(tmp_path / "opened"), [1, 2])
    assert len((tmp_path / "opened").read_text().splitlines()) == 1


def test_another_work_closes_the_one_before(tmp_path: Path) -> None:
    bench = Bench()
    bench.do(Closed(tmp_path / "closed"), [1])
    assert not (tmp_path / "closed").exists()
    assert bench.do(Doubling(), [4]) == [8]
    assert (tmp_path / "closed").exists()
