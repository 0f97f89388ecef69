"""Torch's number of threads while a voice speaks.

The setting belongs to the process, not to a request, and it changes the last bits of a sum. So
requests that ask for the same number run side by side, and others wait until those are done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

import torch

__all__ = ["torch_threads"]


class _Setting:
    """How many requests run, under which number of threads, and what was set before the first."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.running = 0
        self.threads = 0
        self.before = 0


_SETTING = _Setting()


@contextmanager
def torch_threads(threads: int | None) -> Iterator[None]:
    """Run the body with so many threads and restore what was set; None leaves it alone."""
    if threads is None:
        yield
        return
    with _SETTING.changed:
        _SETTING.changed.wait_for(lambda: not _SETTING.running or _SETTING.threads == threads)
        if not _SETTING.running:
            _SETTING.before, _SETTING.threads = torch.get_num_threads(), threads
        _SETTING.running += 1
        if torch.get_num_threads() != threads:  # OpenMP keeps one setting a thread
            torch.set_num_threads(threads)
    try:
        yield
    finally:
        with _SETTING.changed:
            _SETTING.running -= 1
            if not _SETTING.running:
                if torch.get_num_threads() != _SETTING.before:
                    torch.set_num_threads(_SETTING.before)
                _SETTING.changed.notify_all()
