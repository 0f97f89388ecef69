"""The same inputs give the same bits: threads, algorithms and random numbers of torch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.utils.deterministic

__all__ = ["deterministic", "library_version", "seeded", "step_seed"]


# a module whose only content is a property that its stub leaves out
_DETERMINISTIC: Any = torch.utils.deterministic


@contextmanager
def deterministic(*, threads: int, strict: bool = True) -> Iterator[None]:
    """Run torch with `threads` threads and deterministic algorithms; restore both afterwards.

    The number of threads decides in which order sums are taken, hence the last bits. Where an
    operation has no deterministic algorithm, as the gradient of reflected padding on a GPU, it is
    an error if `strict`, and else a warning.
    """
    before = torch.get_num_threads()
    was_deterministic = torch.are_deterministic_algorithms_enabled()
    did_fill = _DETERMINISTIC.fill_uninitialized_memory
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=not strict)
    # Filling every new tensor costs a tenth of a step and helps only code that reads memory
    # before writing it.
    _DETERMINISTIC.fill_uninitialized_memory = False
    try:
        yield
    finally:
        _DETERMINISTIC.fill_uninitialized_memory = did_fill
        torch.use_deterministic_algorithms(was_deterministic)
        torch.set_num_threads(before)


@contextmanager
def seeded(seed: int) -> Iterator[torch.Generator]:
    """Yield a generator of `seed`, and inside the block seed torch's global numbers as well.

    Dropout draws from the global numbers and from no other. The caller's state is put back.
    """
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        yield torch.Generator().manual_seed(seed ^ 1)


def library_version() -> str:
    """Return the version of torch: another one may take sums in another order."""
    return str(torch.__version__)


def step_seed(seed: int, name: str, step: int) -> int:
    """Return the seed of one step of one model.

    Because each step has a seed of its own, the state of a generator never has to be saved: step
    500 draws the same numbers whether 499 steps ran before it in this process or none.
    """
    digest = hashlib.sha256(f"{seed}:{name}:{step}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
