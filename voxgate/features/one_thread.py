"""One thread of torch, so that the last bits are the same whoever computes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["one_thread"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the body with one thread and restore what was set.

    The order of a sum depends on their number, which is that of the processors unless it is set,
    and workers are as many as processors already.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
