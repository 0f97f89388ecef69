"""Ctrl-C and SIGTERM: one line, the status that shells expect, and nothing left running."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

__all__ = ["run_interruptibly"]


class _Terminated(BaseException):
    """SIGTERM arrived."""


def run_interruptibly(command: Callable[[], None]) -> None:
    """Run `command`; SIGINT ends it with status 130, SIGTERM with 143, both with one line.

    Either unwinds the stack, so that programs below are ended and locks are given back.
    """
    signal.signal(signal.SIGTERM, _raise_terminated)
    try:
        command()
    except KeyboardInterrupt:
        _end("interrupted", signal.SIGINT)
    except SystemExit as end:
        if end.code == 128 + signal.SIGINT:  # Typer has caught the interruption, and says nothing
            _end("interrupted", signal.SIGINT)
        raise
    except _Terminated:
        _end("terminated", signal.SIGTERM)


def _raise_terminated(*_: object) -> NoReturn:
    raise _Terminated


def _end(what: str, number: signal.Signals) -> NoReturn:
    # From here on nobody needs a second Ctrl-C: what is still to do takes a few seconds at most.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stderr.write(f"voxgate: {what}; give the same command again to go on\n")
    sys.exit(128 + number)
