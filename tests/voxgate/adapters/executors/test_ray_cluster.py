"""With a real cluster of two nodes on loopback."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.fakes.executor_work import Counting, Deadly, Doubling, Slow
from tests.fakes.ray_nodes import two_nodes
from voxgate.errors import ConfigError, WorkerDiedError
from voxgate.executors import Failed
from voxgate.settings import Settings
from voxgate.wiring.workers import build_executor

pytest.importorskip("ray")


def test_where_nobody_listens_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    started = time.monotonic()
    with pytest.raises(ConfigError, match=r"expected a Ray cluster at 127\.0\.0\.1") as caught:
        build_executor(Settings(executor="ray", ray_address=address))
    assert "docs/scaling.md" in str(caught.value)
    assert time.monotonic() - started < 5
    with pytest.raises(ConfigError, match="expected HOST:PORT"):
        build_executor(Settings(executor="ray", ray_address="somewhere"))


@pytest.mark.slow
def test_a_cluster_of_two_nodes_loses_nothing(tmp_path: Path) -> None:
    from voxgate.adapters.executors import ray_cluster

    with (
        two_nodes() as nodes,
        build_executor(Settings(executor="ray", ray_address=nodes.address)) as executor,
    ):
        assert executor.workers == 2
        pids = set(executor.map_ordered(Counting(tmp_path / "opened"), range(40)))
        assert len(pids) == 2  # one worker a node, and each opened its work once
        assert len((tmp_path / "opened").read_text().split()) == 2

        dying = Deadly(7, once=tmp_path / "died")
        assert list(executor.map_ordered(dying, range(20), chunk=3)) == list(range(20))

        answers = list(executor.map_ordered(Deadly(3), range(6), chunk=2))
        assert [*answers[:3], *answers[4:]] == [0, 1, 2, 4, 5]
        dead = answers[3]
        assert isinstance(dead, Failed)
        assert isinstance(dead.error, WorkerDiedError)

        asked = {"code": "another", "libraries": "others"}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ray_cluster, "_identity", lambda _module: asked)
            (other,) = executor.map_ordered(Doubling(), [1])
        assert isinstance(other, Failed)
        assert "code and libraries are not those of the machine that asks" in str(other.error)

        slow = executor.map_ordered(Slow(0.05), range(60))
        assert [next(slow) for _ in range(5)] == list(range(5))
        nodes.lose_node()
        assert list(slow) == list(range(5, 60))
