"""Which devices speak, as a person names them: `cpu`, or GPUs by number.

A GPU has one process that owns it. That process sees no other device, by an environment that is set
before its interpreter starts, so its device is always `cuda:0`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voxgate.errors import ConfigError

__all__ = ["CPU", "SEEN_DEVICE", "OwnedDevice", "name_devices"]

CPU = "cpu"
SEEN_DEVICE = "cuda:0"
"""What its one device is called inside a process that owns it."""

_VISIBLE = "CUDA_VISIBLE_DEVICES"
_GPU = re.compile(r"cuda:(0|[1-9][0-9]{0,2})")


@dataclass(frozen=True, kw_only=True)
class OwnedDevice:
    """A GPU: its `name` for people (`cuda:1`), and by which name a process is let see it."""

    name: str
    visible: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What the environment of the owner says, before anything is imported there."""
        return {
            _VISIBLE: self.visible,
            # cuBLAS gives the same bits each time only with a workspace of a fixed size.
            "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        }


def name_devices(names: Sequence[str], environ: Mapping[str, str]) -> tuple[OwnedDevice, ...]:
    """Return the GPUs of these names; none where all there is to speak on is `cpu`.

    `environ` is this process's: where it sees some GPUs only, numbers count among those.

    Raises:
        ConfigError: a name is none, is given twice, or stands beside `cpu`.
    """
    if list(names) == [CPU]:
        return ()
    seen = [name.strip() for name in environ.get(_VISIBLE, "").split(",") if name.strip()]
    faults, devices = [], []
    for name in names:
        found = _GPU.fullmatch(name)
        if found is None:
            faults.append(f"{name!r}: expected cpu alone, or GPUs such as cuda:0")
            continue
        number = int(found[1])
        if _VISIBLE in environ and number >= len(seen):
            faults.append(f"{name}: {_VISIBLE} lets this process see {len(seen)} devices")
            continue
        visible = seen[number] if seen else str(number)
        devices.append(OwnedDevice(name=name, visible=visible))
    if len(set(names)) < len(names):
        faults.append("a device is named twice: it has one owner")
    if not names:
        faults.append("expected at least one")
    if faults:
        raise ConfigError("device", faults)
    return tuple(devices)
