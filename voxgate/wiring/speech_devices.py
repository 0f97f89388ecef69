"""Which devices the speech service speaks on: asked what they are, and held against the table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.errors import ConfigError, SpeechError
from voxgate.serving.pool.devices import OwnedDevice, name_devices
from voxgate.serving.pool.memory_table import MEASURE, MemoryTable
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = [
    "SpeakingDevices",
    "ask_kind",
    "device_names",
    "memory_file",
    "open_devices",
    "require_owned",
    "run_on",
]

_ASK_S = 120.0
_KIND = "voxgate.adapters.gpu.kind"


@dataclass(frozen=True, kw_only=True)
class SpeakingDevices:
    """The GPUs that speak, all of one `kind`; none and None: the processor speaks."""

    owned: tuple[OwnedDevice, ...] = ()
    kind: str | None = None


def memory_file(workspace: Workspace) -> Path:
    """Return where a checkout keeps what was measured of its voices on devices."""
    return workspace.speech_dir / "memory.json"


def device_names(settings: Settings, named: Sequence[str] | None) -> tuple[str, ...]:
    """Return the devices that a command was given, else those of the settings."""
    return tuple(named or (name.strip() for name in settings.speech_devices.split(",")))


def require_owned(name: str) -> OwnedDevice:
    """Return one GPU by its name.

    Raises:
        ConfigError: it is the processor, or no device.
    """
    owned = name_devices([name], os.environ)
    if not owned:
        raise ConfigError(
            "device", [f"{name}: its memory is not measured; expected a GPU such as cuda:0"]
        )
    return owned[0]


def ask_kind(device: OwnedDevice) -> str:
    """Return what a device is called, told by a process that ends again.

    Raises:
        ConfigError: there is no such device.
    """
    try:
        return str(run_on(device, _KIND, within_s=_ASK_S)["kind"])
    except SpeechError as error:
        raise ConfigError("device", [str(error)]) from None


def run_on(
    device: OwnedDevice, program: str, *arguments: str, within_s: float | None = None
) -> dict[str, Any]:
    """Run a module as a program that sees this device alone, and return the JSON that it prints.

    Raises:
        SpeechError: it failed, and why; or it took longer than `within_s` seconds.
    """
    path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", program, *arguments],
            env={**os.environ, "PYTHONPATH": path, **device.environment},
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SpeechError(
            f"{device.name} did not answer in {within_s:g} s; look at its driver"
        ) from None
    if done.returncode:
        raise SpeechError(f"{device.name} cannot be used: {done.stderr.strip()}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def open_devices(
    names: Sequence[str],
    workspace: Workspace,
    *,
    ask: Callable[[OwnedDevice], str] = ask_kind,
) -> SpeakingDevices:
    """Return the devices of these names, once it is known what they are and what they hold.

    Raises:
        ConfigError: a device cannot be used, they are of several kinds, or nothing was measured
            on this kind.
    """
    owned = name_devices(names, os.environ)
    if not owned:
        return SpeakingDevices()
    kinds = {device.name: ask(device) for device in owned}
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{name} is {kind}" for name, kind in kinds.items())
        raise ConfigError(
            "device",
            [f"{told}: kinds give other samples; start a server for each kind"],
        )
    kind, file = kinds[owned[0].name], memory_file(workspace)
    if not MemoryTable.read(file).has_device(kind):
        raise ConfigError(
            str(file),
            [
                f"no voice was measured on {kind}, so nothing may be spoken there; run "
                f"`{MEASURE} {owned[0].name}` first"
            ],
        )
    return SpeakingDevices(owned=owned, kind=kind)
