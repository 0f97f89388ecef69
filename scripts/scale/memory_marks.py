"""How much memory is in use now, and at most since a moment: of a GPU, or of this process."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from pathlib import Path

import torch

__all__ = ["peak_mib", "reset_peak", "resident_mib"]

_MIB = 2**20
_STATUS = Path("/proc/self/status")
_FORGET_PEAK = "5"
"""What the kernel takes for "begin the peak anew": proc(5), clear_refs."""


def reset_peak(device: torch.device) -> None:
    """Let the peak begin with what is in use now."""
    if device.type == "cuda":
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        return
    gc.collect()
    # What the C library keeps of freed memory would count as in use, and hide a step's peak.
    with suppress(AttributeError):  # another library than glibc
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text(_FORGET_PEAK, encoding="ascii")


def resident_mib(device: torch.device) -> float:
    """Return what is in use: tensors on a GPU, or everything of this process in memory."""
    if device.type == "cuda":
        return torch.cuda.memory_allocated() / _MIB
    return _status_mib("VmRSS:")


def peak_mib(device: torch.device) -> float:
    """Return the most that was in use since `reset_peak`."""
    if device.type == "cuda":
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated() / _MIB
    return _status_mib("VmHWM:")


def _status_mib(name: str) -> float:
    return int(_STATUS.read_text(encoding="ascii").partition(name)[2].split()[0]) / 1024
