"""Leave the processor to others: what is spoken in batches must not slow a caller."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from voxgate.settings import load_settings

__all__ = ["leave_the_processor_to_others"]

_AUTOGROUP = Path("/proc/self/autogroup")


def leave_the_processor_to_others() -> None:
    """Give this process, and the session that it leads, the priority of batches.

    Beside busy callers the lowest one gets a sixtieth of a core (`VOXGATE_BATCH_NICENESS`).
    """
    niceness = load_settings().batch_niceness
    os.setpriority(os.PRIO_PROCESS, 0, niceness)
    # Where Linux schedules by session (sched_autogroup), a process's niceness counts inside its
    # session alone, and the session has one of its own. It cannot be set everywhere, and nobody
    # should speak less for that: a kernel may have no such file, a container may mount it
    # read-only, and the group of what never began a session refuses (EINVAL).
    with suppress(OSError):
        for _ in range(20):
            try:
                _AUTOGROUP.write_text(f"{niceness}\n")
            except BlockingIOError:  # the kernel takes one such wish in 100 ms from all processes
                time.sleep(0.1)
            else:
                return
