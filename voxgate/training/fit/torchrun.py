"""Run as a program: torchrun for the ranks of one machine, with a report of how they ended.

    python -m voxgate.training.fit.torchrun PROCESSES LOGS PROGRAM... DESCRIPTOR

Over the pipe of that descriptor goes a list with one entry for each rank that failed, in the order
in which torchrun saw them fail; it is empty when all came to their end.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from voxgate.training.fit.rank_ties import TOLD

if TYPE_CHECKING:
    from torch.distributed.elastic.multiprocessing.errors import ProcessFailure

__all__ = ["run_torchrun"]

_LOOPBACK = "127.0.0.1"


def run_torchrun(processes: int, logs: str, program: list[str]) -> list[dict[str, Any]]:
    """Run a program in so many processes of this machine and return the failures.

    Args:
        processes: how many.
        logs: an empty folder, in which torchrun keeps what ranks say of their errors.
        program: `--module MODULE WORDS`, or a script and its words.
    """
    from torch.distributed import run
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    where = {
        "--nnodes": 1, "--node-rank": 0, "--nproc-per-node": processes, "--max-restarts": 0,
        "--rdzv-backend": "static", "--master-addr": _LOOPBACK, "--master-port": _free_port(),
        "--log-dir": logs,
    }  # fmt: skip
    words = [str(word) for option in where.items() for word in option]
    torchrun: Any = run  # its functions have no types
    try:
        torchrun.run(torchrun.parse_args([*words, *program]))
    except ChildFailedError as error:
        return [_failure(rank, failed) for rank, failed in error.failures.items()]
    return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _failure(rank: int, failed: ProcessFailure) -> dict[str, Any]:
    written: Mapping[str, Any] = failed.error_file_data
    return {"rank": rank, "status": failed.exitcode, "told": written.get(TOLD)}


def main(words: list[str]) -> int:
    """Run torchrun and report over the pipe; returns the exit status."""
    processes, logs, *program, descriptor = words
    with Connection(int(descriptor)) as pipe:
        failures = run_torchrun(int(processes), logs, program)
        pipe.send_bytes(json.dumps(failures).encode())
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
