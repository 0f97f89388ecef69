"""The program that says what this process's first GPU is called, as one line of JSON.

    CUDA_VISIBLE_DEVICES=1 python -m voxgate.adapters.gpu.kind

A server asks so and never opens a device itself: that would cost half a gigabyte of it.
"""

from __future__ import annotations

import json
import sys

from voxgate.adapters.gpu.memory import GpuMemory
from voxgate.errors import VoxgateError

__all__ = ["main"]


def main() -> int:
    """Say the kind; where there is no device, say why on stderr and return 1."""
    try:
        kind = GpuMemory("cuda:0").name
    except VoxgateError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps({"kind": kind}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
