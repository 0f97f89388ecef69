"""Write the base checkpoint that ships: averaged weights of both networks, float16 safetensors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
from torch import Tensor

from voxgate.errors import WeightsError
from voxgate.files import digest_bytes, write_bytes, write_json
from voxgate.pretraining.base.averaging import read_average
from voxgate.voice.package import halved_weights

__all__ = ["MAX_BASE_BYTES", "export_base"]

MAX_BASE_BYTES = 24_000_000


def export_base(
    state_dir: Path, tokenizer: Mapping[str, Tensor], out: Path, *, facts: Mapping[str, object]
) -> dict[str, str]:
    """Write `s1.safetensors`, `s2.safetensors` and `base.json`; return the files' sha256.

    Args:
        state_dir: what `fit_base` wrote: the folders `s1` and `s2`.
        tokenizer: the tensors of the tokenizer that the codes come from; they replace S2's own.
        out: folder of the base.
        facts: what else the card says: data, measured quality.

    Raises:
        WeightsError: a state is missing, or the base gets too large.
        TrainingError: a weight is not finite as float16.
    """
    contents, steps = {}, {}
    for model in ("s1", "s2"):
        found = read_average(state_dir / model)
        if found is None:
            raise WeightsError(f"{state_dir / model} holds no state; fit --model {model} first")
        weights = found.weights
        if model == "s2":
            weights |= {name: tensor for name, tensor in tokenizer.items() if name in weights}
        contents[f"{model}.safetensors"] = safetensors.torch.save(halved_weights(model, weights))
        steps[model] = found.step
    size = sum(map(len, contents.values()))
    if size > MAX_BASE_BYTES:
        raise WeightsError(f"the base has {size} bytes, more than {MAX_BASE_BYTES}; shrink it")
    for name, data in contents.items():
        write_bytes(out / name, data)
    digests = {name: digest_bytes(data) for name, data in contents.items()}
    write_json(out / "base.json", {"schema": 1, "steps": steps, "files": digests, **facts})
    return digests
