"""A real Ray cluster of two nodes on loopback, each with one processor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

__all__ = ["TwoNodes", "two_nodes"]

# Not 127.0.0.1: Ray takes that for any address of this machine, and would leave loopback.
_HOSTS = ("127.0.0.2", "127.0.0.3")
_STORE_BYTES = 100 << 20


class TwoNodes:
    """The head node, and one that can be lost."""

    def __init__(self) -> None:
        cluster_utils = pytest.importorskip("ray.cluster_utils")
        self._cluster: Any = cluster_utils.Cluster(
            initialize_head=True, head_node_args=_node(_HOSTS[0]) | {"include_dashboard": False}
        )
        self._second = self._cluster.add_node(**_node(_HOSTS[1]))
        self._cluster.wait_for_nodes()
        self.address = str(self._cluster.address)

    def lose_node(self) -> None:
        """End the second node, and what it works on, at once."""
        self._cluster.remove_node(self._second, allow_graceful=False)

    def end(self) -> None:
        """End the cluster."""
        self._cluster.shutdown()


def _node(host: str) -> dict[str, object]:
    return {"node_ip_address": host, "num_cpus": 1, "object_store_memory": _STORE_BYTES}


@contextmanager
def two_nodes() -> Iterator[TwoNodes]:
    """Start the cluster, and end it."""
    nodes = TwoNodes()
    try:
        yield nodes
    finally:
        nodes.end()
