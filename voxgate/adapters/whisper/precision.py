"""In which numbers Whisper's encoder computes.

The encoder is most of the cost, so it alone may compute in bfloat16. Its output returns to float32:
the decoder's choices, and the probabilities and word times read off it, are made as always.
"""

from __future__ import annotations

import torch
from torch import nn
from whisper.model import Whisper

from voxgate.errors import EvaluatorError
from voxgate.params.evaluate import Precision

__all__ = ["require_precision", "set_encoder_precision"]

_PROCESSOR_FLAGS = ("avx512_bf16", "amx_bf16", "bf16")
"""What torch calls native bfloat16 arithmetic of x86 and Arm processors."""


def require_precision(precision: Precision, device: torch.device) -> None:
    """Pass a precision that `device` computes in natively.

    Emulated bfloat16 is slower than float32 and gives other numbers than native one.

    Raises:
        EvaluatorError: it does not.
    """
    if precision == "bfloat16" and not _has_bfloat16(device):
        raise EvaluatorError(
            f"evaluate.precision is bfloat16, but this {_noun(device)} has no bfloat16 arithmetic; "
            "set it to float32 (another instrument: numbers of the two are not compared), or "
            f"measure on a {_noun(device)} that has it"
        )


def set_encoder_precision(network: Whisper, precision: Precision) -> None:
    """Let the encoder of `network` compute in `precision`, in place.

    Only matrices are converted: Whisper's layer norms are float32 whatever comes in.
    """
    if precision == "float32":
        return
    for module in network.encoder.modules():
        if isinstance(module, nn.Linear | nn.Conv1d):
            module.to(torch.bfloat16)


def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    able = torch.cpu.get_capabilities()
    return any(able.get(flag, False) for flag in _PROCESSOR_FLAGS)


def _noun(device: torch.device) -> str:
    return "GPU" if device.type == "cuda" else "processor"
