"""Programs that end when the process that started them ends, however it ends.

A process that gets SIGKILL cannot end its children, and what it leaves goes on: a server that
nobody asks, a stage that still writes. So each such program runs below a keeper. The keeper leads a
process group of its own, and holds the reading end of a pipe whose other end only the starter
has; when the kernel closes that end, the group gets SIGTERM and, `grace_s` later, SIGKILL.
(`PR_SET_PDEATHSIG` would do less: it follows a thread, and is not inherited by children.)

A terminal's Ctrl-C goes to the starter alone, which then decides what to do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["GRACE_S", "start_tethered", "tethered"]

GRACE_S = 3.0


def start_tethered(
    args: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
    grace_s: float = GRACE_S,
    **options: Any,
) -> subprocess.Popen[Any]:
    """Start a program that ends with this process; `options` are those of `Popen`.

    `keep_open` are file descriptors that the program inherits; `grace_s` is the time between
    SIGTERM and SIGKILL. The process that comes back is the keeper: it ends with the program's
    exit status, and passes SIGTERM on to all of the group.
    """
    read, write = os.pipe()
    # Isolated and without site: the keeper needs the standard library and must start at once.
    script = str(Path(__file__).resolve())
    keeper = [sys.executable, "-I", "-S", script, str(read), str(grace_s), *args]
    try:
        process = subprocess.Popen(
            keeper, env=env, pass_fds=(read, *keep_open), start_new_session=True, **options
        )
    except BaseException:
        os.close(write)
        raise
    finally:
        os.close(read)
    # Open for as long as the object lives; at this process's exit the kernel closes it, last.
    weakref.finalize(process, os.close, write).atexit = False
    return process


@contextmanager
def tethered(args: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Run a program for as long as the context lasts; afterwards nothing of it is left."""
    process = start_tethered(args, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _keep(pipe: int, grace_s: float, command: Sequence[str]) -> int:
    os.set_inheritable(pipe, False)
    ending = threading.Event()

    def end(*_: object) -> None:
        if not ending.is_set():
            ending.set()
            signal.signal(signal.SIGALRM, _kill_group)
            signal.setitimer(signal.ITIMER_REAL, grace_s)
            os.killpg(0, signal.SIGTERM)

    # Handlers, unlike ignored signals, are not inherited by the program.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    program = subprocess.Popen(command, close_fds=False)
    threading.Thread(target=_await_starter, args=(pipe,), daemon=True).start()
    status = program.wait()
    if ending.is_set():
        _kill_group()  # whoever of the group is left, this process among them
    return status if status >= 0 else 128 - status


def _await_starter(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _kill_group(*_: object) -> None:
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(_keep(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
