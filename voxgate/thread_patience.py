"""How long OpenMP's idle threads wait in vain before they sleep.

Threads that spin starve each other as soon as a second process computes: three thousand small
operations took 5.5 s beside another run with the default, .12 s with none. But a thread that sleeps
at once has to be woken for each of the thousands of operations of a training step, which took .37 s
instead of .25 s on two idle cores. A thousand turns, some microseconds, cost neither.
"""

from __future__ import annotations

import os

__all__ = ["THREAD_PATIENCE", "set_thread_patience"]

THREAD_PATIENCE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
"""The second, which only GNU's OpenMP knows, goes before the first."""


def set_thread_patience() -> None:
    """Set what the environment does not say already; call it before torch is imported."""
    for name, value in THREAD_PATIENCE.items():
        os.environ.setdefault(name, value)
