from __future__ import annotations

import platform

import pytest

from flows.training_places import TrainingPlace, host_name, training_places
from voxgate.errors import ConfigError
from voxgate.settings import Settings


def _leases(environ: dict[str, str] | None = None, **settings: object) -> list[str]:
    made = Settings(**{"host": "anna", **settings})  # type: ignore[arg-type]
    return [place.lease for place in training_places(made, environ or {})]


def test_without_a_setting_there_is_one_place_the_device_of_the_machine() -> None:
    assert _leases() == ["training:anna:cpu"]
    assert _leases(device="cuda") == ["training:anna:cuda:0"]


def test_each_device_that_is_named_is_a_place_in_this_order() -> None:
    assert _leases(training_devices="cuda:1, cuda:0") == [
        "training:anna:cuda:1",
        "training:anna:cuda:0",
    ]
    assert _leases(training_devices="cpu:0,cpu:1") == ["training:anna:cpu:0", "training:anna:cpu:1"]


def test_gpus_are_counted_among_those_that_are_seen_and_named_as_the_driver_does() -> None:
    seen = {"CUDA_VISIBLE_DEVICES": "2,GPU-8f6e"}
    assert _leases(seen, training_devices="cuda:0,cuda:1") == [
        "training:anna:cuda:2",
        "training:anna:cuda:GPU-8f6e",
    ]


def test_a_training_sees_its_device_and_no_other() -> None:
    processor = TrainingPlace(host="anna", device="cpu")
    gpu = TrainingPlace(host="anna", device="cuda:3", visible="3")
    assert processor.environment == {"CUDA_VISIBLE_DEVICES": "", "VOXGATE_DEVICE": "cpu"}
    assert gpu.environment == {"CUDA_VISIBLE_DEVICES": "3", "VOXGATE_DEVICE": "cuda"}


@pytest.mark.parametrize(
    ("devices", "fault"),
    [
        ("cuda", "'cuda': expected cpu alone, or GPUs such as cuda:0"),
        ("cuda:0,cuda:0", "named twice"),
        ("cpu,cpu", "named twice"),
        ("cuda:1", "lets this process see 1 devices"),
        ("cuda:0,", "'': expected"),
    ],
)
def test_what_is_no_device_is_named(devices: str, fault: str) -> None:
    with pytest.raises(ConfigError, match="VOXGATE_TRAINING_DEVICES") as caught:
        _leases({"CUDA_VISIBLE_DEVICES": "7"}, training_devices=devices)
    assert fault in str(caught.value)


def test_a_machine_is_called_what_its_system_says_or_what_it_is_told() -> None:
    assert host_name(Settings()) == platform.node()
    assert host_name(Settings(host="gpu-7.lab")) == "gpu-7.lab"
    with pytest.raises(ConfigError, match="VOXGATE_HOST: 'a b'"):
        host_name(Settings(host="a b"))
