from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gpu import measured
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ConfigError, UnknownVersionError
from voxgate.serving.pool.devices import OwnedDevice
from voxgate.serving.pool.memory_table import MemoryTable
from voxgate.stage import Workspace
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_devices import memory_file
from voxgate.wiring.speech_memory import keep_measured, measure_version

DEVICE = OwnedDevice(name="cuda:0", visible="0")


def test_what_was_measured_is_kept_beside_what_was_before(tmp_path: Path) -> None:
    asked: list[Any] = []
    rows = [measured((4, 9), voice="ab" * 32), measured((4, 7), voice="cd" * 32)]

    def run(device: OwnedDevice, program: str, *arguments: str) -> dict[str, Any]:
        asked.append((device, program, arguments))
        return rows[len(asked) - 1].as_document()

    workspace = Workspace(tmp_path)
    memory_file(workspace).parent.mkdir(parents=True)
    for row in rows:
        kept = keep_measured(
            workspace, Path("package"), device=DEVICE, precision="float32", run=run
        )
        assert kept == row
    assert MemoryTable.read(memory_file(workspace)).rows == tuple(rows)
    program, arguments = "voxgate.wiring.device_voices", ("package", "float32", str(tmp_path))
    assert asked == [(DEVICE, program, arguments)] * 2


def test_what_cannot_be_measured_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    site = ReleaseSite.create(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")
    checkout = Checkout.open(site.root)
    with pytest.raises(ConfigError, match="expected a GPU"):
        measure_version(checkout, device="cpu", precision="float32")
    with pytest.raises(UnknownVersionError, match="is live; name one with --version"):
        measure_version(checkout, device="cuda:0", precision="float32")
