from pathlib import Path

import pytest

from tests.fakes.gpu import KIND, measured
from voxgate.errors import ConfigError, SpeechError
from voxgate.serving.pool.devices import OwnedDevice, name_devices
from voxgate.serving.pool.memory_table import MemoryTable
from voxgate.settings import load_settings
from voxgate.stage import Workspace
from voxgate.wiring.speech_devices import (
    SpeakingDevices,
    ask_kind,
    device_names,
    memory_file,
    open_devices,
    require_owned,
    run_on,
)

PROGRAM = "tests.fakes.gpu_program"


@pytest.fixture(autouse=True)
def every_device_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def ask(device: OwnedDevice) -> str:
    return KIND


def test_a_command_names_devices_else_the_settings_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device_names(load_settings(), None) == ("cpu",)
    monkeypatch.setenv("VOXGATE_SPEECH_DEVICES", "cuda:0, cuda:1")
    assert device_names(load_settings(), None) == ("cuda:0", "cuda:1")
    assert device_names(load_settings(), ["cpu"]) == ("cpu",)


def test_the_processor_asks_nobody(workspace: Workspace) -> None:
    def nobody(device: OwnedDevice) -> str:
        raise AssertionError

    assert open_devices(["cpu"], workspace, ask=nobody) == SpeakingDevices()


def test_nothing_speaks_where_nothing_was_measured(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match=r"run `voxgate speech-memory --device cuda:1` first"):
        open_devices(["cuda:1"], workspace, ask=ask)
    file = memory_file(workspace)
    file.parent.mkdir(parents=True)
    MemoryTable().with_row(measured((1, 1))).write(file)
    devices = open_devices(["cuda:0", "cuda:1"], workspace, ask=ask)
    assert (len(devices.owned), devices.kind) == (2, KIND)
    with pytest.raises(ConfigError, match="no voice was measured on Other"):
        open_devices(["cuda:0"], workspace, ask=lambda _: "Other")


def test_devices_of_two_kinds_do_not_answer_together(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match="cuda:0 is kind 0, cuda:1 is kind 1: kinds give other"):
        open_devices(["cuda:0", "cuda:1"], workspace, ask=lambda own: f"kind {own.visible}")


def test_only_a_gpu_is_owned() -> None:
    assert require_owned("cuda:2").visible == "2"
    with pytest.raises(ConfigError, match="expected a GPU"):
        require_owned("cpu")


def test_a_program_sees_its_device_alone_and_is_heard() -> None:
    [device] = name_devices(["cuda:5"], {})
    assert run_on(device, PROGRAM, "told") == {"sees": "5", "arguments": ["told"]}
    with pytest.raises(SpeechError, match="cuda:5 cannot be used: told to fail"):
        run_on(device, PROGRAM, "fail")
    with pytest.raises(SpeechError, match=r"cuda:5 did not answer in 0\.01 s"):
        run_on(device, PROGRAM, "told", within_s=0.01)


@pytest.mark.slow
def test_a_machine_without_this_device_says_so() -> None:
    with pytest.raises(ConfigError, match=r"cuda:900 cannot be used: device: cuda:0: torch"):
        ask_kind(require_owned("cuda:900"))
