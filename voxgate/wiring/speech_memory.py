"""Measure what a version needs on a GPU, and keep it where the owner of the GPU looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from voxgate.errors import UnknownVersionError
from voxgate.private_files import make_private_folder
from voxgate.serving.pool.devices import OwnedDevice
from voxgate.serving.pool.memory_table import MeasuredVoice, MemoryTable
from voxgate.stage import Workspace
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.release import open_ledger
from voxgate.wiring.speech_devices import memory_file, require_owned, run_on
from voxgate.wiring.speech_service import voice_fetcher

__all__ = ["keep_measured", "measure_version"]

_PROGRAM = "voxgate.wiring.device_voices"
RunOn = Callable[..., dict[str, Any]]


def measure_version(
    checkout: Checkout, *, device: str, precision: str, version: int | None = None
) -> MeasuredVoice:
    """Measure a version, what is live by default, and keep what came out.

    Raises:
        ConfigError: `device` is no GPU.
        UnknownVersionError: there is no such version, or nothing is live.
        SpeechError: the device cannot be used, or the voice cannot be spoken there.
        LedgerError, StorageError, ExternalServiceError, RegistryError: it cannot be fetched.
    """
    owned = require_owned(device)
    model = checkout.params.gate.model_name
    book = open_ledger(checkout.settings, checkout.root).read(model)
    chosen = book.live if version is None else version
    if chosen is None:
        raise UnknownVersionError(f"no version of {model} is live; name one with --version")
    make_private_folder(checkout.workspace.speech_dir)
    package = voice_fetcher(checkout)(model, book.require(chosen))
    return keep_measured(checkout.workspace, package.folder, device=owned, precision=precision)


def keep_measured(
    workspace: Workspace, package: Path, *, device: OwnedDevice, precision: str, run: RunOn = run_on
) -> MeasuredVoice:
    """Measure a voice package in a process that owns the device, and enter it into the table.

    Raises:
        ConfigError: the table is damaged.
        SpeechError: the voice cannot be measured there.
    """
    file = memory_file(workspace)
    table = MemoryTable.read(file)
    document = run(device, _PROGRAM, str(package), precision, str(workspace.root))
    measured = MeasuredVoice.from_document(document)
    table.with_row(measured).write(file)
    return measured
