"""Where an evaluator computes: the processor, or the GPU that `VOXGATE_DEVICE` asks for."""

from __future__ import annotations

import torch

from voxgate.errors import EvaluatorError

__all__ = ["cuda_devices", "evaluator_device"]


def evaluator_device(kind: str) -> torch.device:
    """Return the device of that kind ("cpu" or "cuda").

    Raises:
        EvaluatorError: a GPU is asked for and there is none; nothing is measured elsewhere instead.
    """
    if kind == "cuda" and not torch.cuda.is_available():
        raise EvaluatorError(
            "VOXGATE_DEVICE is cuda, but torch finds no GPU; set it to cpu, or install a torch "
            "that was built for this machine's GPU"
        )
    # With its number: SpeechBrain takes no "cuda" without one.
    return torch.device("cuda", 0) if kind == "cuda" else torch.device(kind)


def cuda_devices() -> int:
    """Return how many GPUs this process sees."""
    return torch.cuda.device_count()
