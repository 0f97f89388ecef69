"""Pick where heavy loops run."""

from __future__ import annotations

import os

from voxgate.executors import Executor, SerialExecutor
from voxgate.settings import Settings

__all__ = ["build_executor"]


def build_executor(settings: Settings) -> Executor:
    """Return the executor of the settings; its workers start with their first item.

    Raises:
        ConfigError: Ray is asked for and not installed, or no cluster answers.
    """
    if settings.executor == "serial":
        return SerialExecutor()
    if settings.executor == "ray":
        from voxgate.adapters.executors.ray_cluster import RayExecutor

        return RayExecutor(
            settings.ray_address,
            workers=settings.workers,
            gpus=settings.gpus_per_worker if settings.device == "cuda" else 0,
        )
    workers = settings.workers or len(os.sched_getaffinity(0))
    if workers == 1:
        return SerialExecutor()
    from voxgate.adapters.executors.processes import ProcessExecutor

    return ProcessExecutor(workers, gpus=_gpus(settings))


def _gpus(settings: Settings) -> list[str]:
    if settings.device != "cuda":
        return []
    shown = os.environ.get("CUDA_VISIBLE_DEVICES")
    if shown:
        return shown.split(",")
    from voxgate.adapters.devices import cuda_devices

    return [str(number) for number in range(cuda_devices())]
