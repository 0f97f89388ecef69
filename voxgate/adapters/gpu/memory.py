"""The memory of one GPU, as torch and the driver tell it."""

from __future__ import annotations

import torch

from voxgate.errors import ConfigError

__all__ = ["GpuMemory", "compute_repeatably"]


def compute_repeatably() -> None:
    """Let convolutions be chosen the same way each time; for a process that owns a device."""
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False


class GpuMemory:
    """Implements DeviceMemory.

    Args:
        device: such as `cuda:0`, counted among those that this process sees.

    Raises:
        ConfigError: this process sees no such device.
    """

    def __init__(self, device: str) -> None:
        found = torch.cuda.device_count() if torch.cuda.is_available() else 0
        self._device = torch.device(device)
        if self._device.type != "cuda" or not 0 <= (self._device.index or 0) < found:
            raise ConfigError(
                "device",
                [
                    f"{device}: torch {torch.__version__} finds {found} GPUs here; install a "
                    "torch that was built for this machine's GPU, or speak on cpu"
                ],
            )

    @property
    def name(self) -> str:
        """The kind of the device."""
        return torch.cuda.get_device_name(self._device)

    def free_bytes(self) -> int:
        """Implement DeviceMemory: the allocator gives back what it keeps before it fails."""
        free, _ = torch.cuda.mem_get_info(self._device)
        kept = torch.cuda.memory_reserved(self._device) - self.used_bytes()
        return int(free) + kept

    def used_bytes(self) -> int:
        """Implement DeviceMemory."""
        return torch.cuda.memory_allocated(self._device)

    def reset_peak(self) -> None:
        """Implement DeviceMemory."""
        torch.cuda.synchronize(self._device)
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(self._device)

    def peak_bytes(self) -> int:
        """Implement DeviceMemory."""
        torch.cuda.synchronize(self._device)
        return torch.cuda.max_memory_reserved(self._device)

    def ran_out(self, error: Exception) -> bool:
        """Implement DeviceMemory."""
        return isinstance(error, torch.OutOfMemoryError)
