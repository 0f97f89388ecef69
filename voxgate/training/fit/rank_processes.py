"""The processes of one training on this machine: started by torchrun, ended with their stage.

stage ── keeper (voxgate.tether) ── torchrun (voxgate.training.fit.torchrun) ── rank 0, rank 1, …

The keeper ends torchrun when the stage ends, and torchrun its ranks. Where torchrun itself is lost,
nobody would: therefore each rank also watches the stage (voxgate.training.fit.rank_ties).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from voxgate.errors import ConfigError, RankLostError, VoxgateError
from voxgate.module_process import PipedModule, told_error
from voxgate.temporaries import scratch_directory
from voxgate.training.fit import torchrun
from voxgate.training.fit.rank_ties import ENDS_WITH_INPUT

__all__ = ["RankFailure", "fault_of", "run_ranks"]

_GLOO_INTERFACE = "GLOO_SOCKET_IFNAME"
_LOOPBACKS = ("lo", "lo0")
_FAREWELL_S = 10.0
_AGAIN = "start the same command again to go on from the last resume point"


@dataclass(frozen=True)
class RankFailure:
    """How a rank failed."""

    rank: int
    status: int
    """Exit status; negative: the signal that ended it."""

    told: Mapping[str, Any] | None
    """The error that ended it, as `tell_error` tells; None: it could not say."""


def run_ranks(program: Sequence[str], *, processes: int) -> None:
    """Run a program in so many processes of this machine until all have come to their end.

    When one fails, the others are ended. None outlives this process, however it ends.

    Args:
        program: what torchrun starts: `--module MODULE WORDS`, or a script and its words.
        processes: how many ranks; where GPUs compute, each takes one.

    Raises:
        RankLostError: a rank, which the message names, ended without saying why.
        VoxgateError: a rank told it; of the same kind.
    """
    with scratch_directory() as logs:
        agent = PipedModule(
            torchrun.__name__, str(processes), str(logs), *program,
            environment=_environment(), stdin=subprocess.PIPE,
        )  # fmt: skip
        try:
            failures = _failures(agent, processes)
        finally:
            assert agent.keeper.stdin is not None
            agent.keeper.stdin.close()  # which ends the ranks, should torchrun have left any
            agent.end()
            agent.pipe.close()
    if failures:
        raise fault_of(failures, processes)


def fault_of(failures: Sequence[RankFailure], processes: int) -> VoxgateError:
    """Return what ended a training of which these ranks failed, in the order of their failing.

    An error that a rank told comes before a rank that was killed, and that before those that only
    say that another one is gone.
    """
    lost = RankLostError.__name__
    for failure in failures:
        if failure.told is not None and failure.told["error"] != lost:
            return _told(failure, failure.told, processes)
    first = next((failure for failure in failures if failure.told is None), failures[0])
    if first.told is not None:
        return told_error(first.told)
    return RankLostError(
        f"rank {first.rank} of {processes} ended by {_how(first.status)} without saying why, and "
        "training with it. A process that is killed may have met the end of the machine's memory; "
        f"{_AGAIN}"
    )


def _failures(agent: PipedModule, processes: int) -> list[RankFailure]:
    try:
        told = json.loads(agent.pipe.recv_bytes())
    except (EOFError, ConnectionResetError):
        raise RankLostError(
            f"torchrun, which runs the {processes} processes of training, ended before them "
            f"({agent.end()}); its own message comes before this one. {_AGAIN.capitalize()}"
        ) from None
    with suppress(subprocess.TimeoutExpired):  # ended by force it would print a traceback
        agent.keeper.wait(_FAREWELL_S)
    return [RankFailure(**each) for each in told]


def _told(failure: RankFailure, told: Mapping[str, Any], processes: int) -> VoxgateError:
    error = told_error(told)
    if isinstance(error, ConfigError):  # which lists faults of a file, the same for all ranks
        return error
    return told_error({**told, "message": f"rank {failure.rank} of {processes}: {error}"})


def _how(status: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"exit status {status}"


def _environment() -> dict[str, str]:
    environment = {ENDS_WITH_INPUT: "1"}
    loopback = [name for _, name in socket.if_nameindex() if name in _LOOPBACKS]
    if loopback and not os.environ.get(_GLOO_INTERFACE):
        # gloo would ask for the address of this machine's name, which need not have one.
        environment[_GLOO_INTERFACE] = loopback[0]
    return environment
