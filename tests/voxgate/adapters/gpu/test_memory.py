"""The figures of a device from what torch tells of one; no device is needed for it."""

import pytest
import torch

from voxgate.adapters.gpu.memory import GpuMemory, compute_repeatably
from voxgate.errors import ConfigError


@pytest.fixture
def device(monkeypatch):
    told = {"reserved": 90, "allocated": 60, "free": 1000}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (told["free"], 4000))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: told["reserved"])
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: told["allocated"])
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Acme One")
    return told


def test_what_the_process_keeps_unused_counts_as_free(device):
    memory = GpuMemory("cuda:0")
    assert (memory.name, memory.used_bytes(), memory.free_bytes()) == ("Acme One", 60, 1030)
    device["allocated"] = 90
    assert memory.free_bytes() == 1000


@pytest.mark.parametrize("name", ["cuda:1", "cpu"])
def test_a_device_that_is_not_there_is_named(device, name):
    with pytest.raises(ConfigError, match=f"{name}: torch .* finds 1 GPUs here"):
        GpuMemory(name)


def test_only_the_devices_own_error_is_running_out(device):
    memory = GpuMemory("cuda:0")
    assert memory.ran_out(torch.OutOfMemoryError("full"))
    assert not memory.ran_out(RuntimeError("CUDA error"))
    assert not memory.ran_out(MemoryError())


def test_convolutions_are_chosen_the_same_way_each_time(monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", False)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    compute_repeatably()
    assert torch.backends.cudnn.deterministic
    assert not torch.backends.cudnn.benchmark
