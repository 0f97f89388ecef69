"""The golden fixtures: measurements of the public implementation, and their weight recipe.

Made with RVC-Boss/GPT-SoVITS at commit 48b1a0169a28582a8984402f82cf438d3bfa6aca (MIT) on the CPU in
float32; random weights. They hold numbers only.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

FOLDER = Path(__file__).parents[2] / "fixtures" / "gpt_sovits"
_SHARED = "shared_inputs_in_s2_v2_npz"


def arrays(name: str) -> dict[str, Tensor]:
    """Load NAME.npz; arrays that a file shares with s2_v2.npz are taken from there."""
    with np.load(FOLDER / f"{name}.npz") as stored:
        found = {key: torch.from_numpy(stored[key]) for key in stored.files}
    described = FOLDER / f"{name}.json"
    shared = facts(name).get(_SHARED, []) if described.exists() else []
    if shared:
        with np.load(FOLDER / "s2_v2.npz") as stored:
            found |= {key: torch.from_numpy(stored[key]) for key in shared}
    return found


def facts(name: str) -> dict[str, Any]:
    """Load NAME.json."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return loaded


def shapes(name: str) -> dict[str, tuple[int, ...]]:
    """Return the tensors that a KEYS file lists."""
    return {key: tuple(entry["shape"]) for key, entry in facts(name)["keys"].items()}


def fill(module: nn.Module, salt: str = "", prefix: str = "") -> None:
    """Give every tensor of a module's state the recipe's values for its name."""
    state = {
        key: torch.from_numpy(recipe(prefix + key, tuple(value.shape), salt))
        for key, value in module.state_dict().items()
    }
    module.load_state_dict(state)


def recipe(key: str, shape: tuple[int, ...], salt: str = "") -> np.ndarray:
    """Return the fixtures' weight for a state-dict key: a function of the name alone."""
    last = key.rsplit(".", 1)[-1]
    if last == "inited":
        return np.ones(shape, np.float32)
    if last == "cluster_size":
        return np.full(shape, 10.0, np.float32)
    if last == "embed_avg":
        return (10.0 * recipe(key.removesuffix("_avg"), shape, salt)).astype(np.float32)
    seed = zlib.crc32((salt + key).encode()) & 0xFFFFFFFF
    count = int(np.prod(shape)) if shape else 1
    draws = np.random.RandomState(seed).standard_normal(count).reshape(shape)
    return (_scaled(key, last, shape, draws)).astype(np.float32)


def _scaled(key: str, last: str, shape: tuple[int, ...], x: np.ndarray) -> np.ndarray:
    if last in ("weight_g", "gamma", "alpha") or key.endswith(("norm1.weight", "norm2.weight")):
        return 1.0 + 0.1 * x
    if key.endswith("prelu.weight"):
        return 0.25 + 0.05 * x
    if last in ("bias", "beta", "in_proj_bias"):
        return 0.1 * x
    if last in ("emb_rel_k", "emb_rel_v"):
        return x / np.sqrt(shape[-1])
    if last == "embed" or key.endswith(("word_embeddings.weight", "text_embedding.weight")):
        return x
    x = x / np.sqrt(int(np.prod(shape[1:])) if len(shape) > 1 else 1)
    small = ("enc_p.proj.weight", "enc_q.proj.weight", "post.weight")
    return 0.3 * x if key.endswith(small) and "conv_post" not in key else x


def fingerprint(value: Tensor) -> list[float]:
    """Return [sum, sum of magnitudes, first three values] in float64."""
    flat = value.double().ravel()
    return [float(flat.sum()), float(flat.abs().sum()), *map(float, flat[:3])]


def silence_dropout(module: nn.Module) -> None:
    """Set every dropout to 0, as the recorded training steps have it."""
    for layer in module.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0


def largest_error(ours: Tensor, theirs: Tensor) -> float:
    """Return the largest absolute difference; the shapes must be equal."""
    assert ours.shape == theirs.shape, f"{tuple(ours.shape)} != {tuple(theirs.shape)}"
    return float((ours.detach().double() - theirs.double()).abs().max())


def norms(module: nn.Module) -> Mapping[str, float]:
    """Return the gradient norm of every parameter that has a gradient."""
    return {
        name: float(parameter.grad.double().norm())
        for name, parameter in module.named_parameters()
        if parameter.grad is not None
    }
