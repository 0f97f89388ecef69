"""Where this machine trains: a place is a host and one of its devices, and takes one training.

A number of slots for all machines of a ledger cannot say which GPU is free, and makes two machines
wait for each other (docs/adr/0013-training-places.md).
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass

from voxgate.errors import ConfigError
from voxgate.serving.pool.devices import CPU, name_devices
from voxgate.settings import Settings

__all__ = ["TrainingPlace", "host_name", "training_places"]

_VISIBLE = "CUDA_VISIBLE_DEVICES"
_SETTING = "VOXGATE_TRAINING_DEVICES"
_PROCESSOR = re.compile(r"cpu(:(0|[1-9][0-9]?))?")
_HOST = re.compile(r"[\w][\w.-]{0,99}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class TrainingPlace:
    """One device of one host. `visible` is the GPU as the driver knows it; None: no GPU."""

    host: str
    device: str
    visible: str | None = None

    @property
    def lease(self) -> str:
        """The name that one training holds in the ledger, such as `training:anna:cuda:0`."""
        return f"training:{self.host}:{self.device}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What a training here is told: it sees this device and no other."""
        kind = CPU if self.visible is None else "cuda"
        return {_VISIBLE: self.visible or "", "VOXGATE_DEVICE": kind}


def host_name(settings: Settings) -> str:
    """Return how this machine is called.

    Raises:
        ConfigError: its name cannot stand in the name of a lease.
    """
    name = settings.host or platform.node()
    if not _HOST.fullmatch(name):
        raise ConfigError(
            "VOXGATE_HOST",
            [f"{name[:100]!r}: expected letters, digits, dots and hyphens, at most 100; set it"],
        )
    return name


def training_places(settings: Settings, environ: Mapping[str, str]) -> tuple[TrainingPlace, ...]:
    """Return the places of this machine, in the order in which they are tried.

    GPUs are counted among those that `environ` (this process's) lets it see, and named as the
    driver knows them, so that two workers which see one GPU each do not wait for each other.

    Raises:
        ConfigError: a device is none, is named twice, or cannot be seen here.
    """
    default = "cuda:0" if settings.device == "cuda" else CPU
    names = [name.strip() for name in (settings.training_devices or default).split(",")]
    host = host_name(settings)
    gpus = [name for name in names if not _PROCESSOR.fullmatch(name)]
    try:
        owned = {gpu.name: gpu.visible for gpu in (name_devices(gpus, environ) if gpus else ())}
    except ConfigError as error:
        raise ConfigError(_SETTING, error.faults) from None
    if len(set(names)) < len(names):
        raise ConfigError(_SETTING, ["a device is named twice: one training is all it takes"])
    return tuple(
        TrainingPlace(host=host, device=f"cuda:{owned[name]}", visible=owned[name])
        if name in owned
        else TrainingPlace(host=host, device=name)
        for name in names
    )
