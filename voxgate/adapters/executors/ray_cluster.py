"""Workers on a Ray cluster: plain tasks, which Ray gives to another node if one is lost.

What a node computes must be what this machine would: it has to have the same code, and the same
versions of the libraries that compute, or it says so in place of an answer. Weights need no care
here: whoever opens a work checks their digests, on the node. Items travel through Ray's object
store, no more at a time than the workers can take.
"""

from __future__ import annotations

import logging
import platform
import socket
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self, TypeVar

import ray
from ray.exceptions import RayError, RayTaskError

from voxgate.adapters.executors.ordering import WorkersLostError, answers_in_order
from voxgate.code_digest import PACKAGES, code_digest
from voxgate.errors import ConfigError
from voxgate.executors import Bench, Failed, Work
from voxgate.files import digest_json

__all__ = ["RayExecutor"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_AHEAD = 2
_KNOCK_S = 10.0
_RETRIES = 2
"""How often Ray gives a task to another worker when one dies; an application's errors are not
retried."""

_COMPUTING = (
    "av", "librosa", "numpy", "onnxruntime", "openai-whisper", "pyloudnorm", "scipy", "soxr",
    "speechbrain", "torch", "torchaudio",
)  # fmt: skip
"""Distributions whose version may change what comes out."""


class RayExecutor:
    """Works on items on the cluster at `address`; None starts one on this machine.

    workers: tasks at a time; None is one a processor of the cluster.
    gpus: share of a GPU that a worker takes, 0 for none.

    Raises:
        ConfigError: no cluster answers at the address.
    """

    def __init__(self, address: str | None, *, workers: int | None = None, gpus: float = 0) -> None:
        self._ours = not ray.is_initialized()
        if self._ours:
            _join(address)
        self._workers = workers or max(1, int(_resources().get("CPU", 1)))
        self._task = ray.remote(_work_on).options(
            num_cpus=1, num_gpus=gpus, max_retries=_RETRIES, scheduling_strategy="SPREAD"
        )

    @property
    def workers(self) -> int:
        """How many items are worked on at a time."""
        return self._workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Leave the cluster; one that was started here ends."""
        if self._ours:
            ray.shutdown()

    def map_ordered(
        self, work: Work[Item, Answer], items: Iterable[Item], *, chunk: int = 1
    ) -> Iterator[Answer | Failed]:
        """Yield one answer an item, in the items' order (`voxgate.executors.Executor`)."""
        return answers_in_order(
            self, work, items, chunk=chunk, ahead=_AHEAD * self._workers, attempts=1
        )

    def submit(self, work: Work[Any, Any], items: Sequence[Any]) -> ray.ObjectRef[Any]:
        """Give a batch to the cluster."""
        return self._task.remote(work, list(items), _identity(type(work).__module__))

    def wait(self, handle: ray.ObjectRef[Any]) -> list[Any]:
        """Wait for a batch and return its answers, one an item.

        Raises:
            WorkersLostError: the batch ended its worker each time that Ray tried.
        """
        try:
            answers: list[Any] = ray.get(handle)
        except RayTaskError as error:
            raise _cause(error) from None  # a fault of the program
        except RayError as error:
            logging.getLogger(__name__).warning("a batch was lost: %s", type(error).__name__)
            raise WorkersLostError from None
        return answers

    def cancel(self, handles: Sequence[ray.ObjectRef[Any]]) -> None:
        """Give up batches; a worker that computes is ended."""
        for handle in handles:
            ray.cancel(handle, force=True)


def _join(address: str | None) -> None:
    try:
        if address:
            _knock(address)
            ray.init(address=address)
        else:  # one of our own listens on loopback alone
            ray.init(address="local", include_dashboard=False, _node_ip_address="127.0.0.1")
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(
            "VOXGATE_RAY_ADDRESS",
            [
                f"expected a Ray cluster at {address or 'this machine'}, got: {error}; start one "
                "(docs/scaling.md), or set VOXGATE_EXECUTOR=processes"
            ],
        ) from error


def _resources() -> dict[str, float]:
    found: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]  # Ray's
    return found


def _cause(error: RayTaskError) -> Exception:
    found: Exception = error.as_instanceof_cause()  # type: ignore[no-untyped-call]  # Ray's
    return found


def _knock(address: str) -> None:
    """Fail at once where nobody listens; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("expected HOST:PORT")
    socket.create_connection((host, int(port)), timeout=_KNOCK_S).close()


@cache
def _identity(module: str) -> dict[str, str]:
    """Name what decides the bytes that a work gives, besides what it says itself."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in _COMPUTING:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    ours = [module] if module.partition(".")[0] in PACKAGES else []
    return {"code": code_digest([*ours, Bench.__module__]), "libraries": digest_json(found)}


_BENCH = Bench()


def _work_on(work: Work[Any, Any], items: Sequence[Any], asked: dict[str, str]) -> list[Any]:
    own = _identity(type(work).__module__)
    other = [name for name in asked if own.get(name) != asked[name]]
    if other:
        where = f"Ray node {platform.node()}"
        fault = (
            f"its {' and '.join(other)} are not those of the machine that asks; install the same "
            "commit with the same requirements.lock there"
        )
        return [Failed(ConfigError(where, [fault]))] * len(items)
    return _BENCH.do(work, items)
