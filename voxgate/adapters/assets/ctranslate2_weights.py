"""Read CTranslate2's `model.bin` and turn a Whisper model in it into openai-whisper's tensors.

The layout follows CTranslate2's open-source serialiser (`model_spec.py`, binary version 6): all
integers little endian; a string is its length with the closing NUL (uint16), then its bytes; then
come the variables (name, rank uint8, dimensions uint32, type uint8, byte count uint32, bytes) and
the aliases (name, target).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import WeightsError

__all__ = ["WhisperWeights", "convert_whisper", "read_variables"]

Array = NDArray[Any]

_BINARY_VERSION = 6
_DTYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


@dataclass(frozen=True)
class WhisperWeights:
    """Dimensions and tensors under the names that `whisper.model.Whisper` gives them."""

    dims: dict[str, int]
    tensors: dict[str, Array]


class _Reader:
    """Takes values off a byte string, refusing to run over its end."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def integer(self, code: str) -> int:
        (value,) = struct.unpack(f"<{code}", self.take(struct.calcsize(f"<{code}")))
        return int(value)

    def string(self) -> str:
        return bytes(self.take(self.integer("H")))[:-1].decode()

    def take(self, count: int) -> memoryview:
        end = self._at + count
        if end > len(self._data):
            raise WeightsError(
                f"model.bin ends at byte {len(self._data)}, but a field runs to byte {end}: "
                "the file is cut off; run `voxgate weights fetch`"
            )
        start, self._at = self._at, end
        return self._data[start:end]

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def read_variables(data: bytes, *, spec: str) -> dict[str, Array]:
    """Read the variables of a `model.bin`; aliases are left out.

    Raises:
        WeightsError: another binary version or model type, or a damaged file.
    """
    reader = _Reader(data)
    version, found_spec = reader.integer("I"), reader.string()
    if version != _BINARY_VERSION or found_spec != spec:
        raise WeightsError(
            f"model.bin: expected {spec} in binary version {_BINARY_VERSION}, "
            f"got {found_spec!r} in version {version}"
        )
    reader.integer("I")  # revision of the spec: says which optional variables exist
    variables = dict(_variable(reader) for _ in range(reader.integer("I")))
    for _ in range(reader.integer("I")):
        reader.string(), reader.string()
    if reader.left:
        raise WeightsError(f"model.bin: {reader.left} bytes after the last alias")
    return variables


def _variable(reader: _Reader) -> tuple[str, Array]:
    name = reader.string()
    shape = [reader.integer("I") for _ in range(reader.integer("B"))]
    dtype = np.dtype(_DTYPES[reader.integer("B")])
    values = np.frombuffer(reader.take(reader.integer("I")), dtype=dtype)
    return name, values.reshape(shape)


def convert_whisper(data: bytes) -> WhisperWeights:
    """Rename and split the variables of a CTranslate2 Whisper model; values stay bit-identical.

    Raises:
        WeightsError: the file is damaged, or a fused key projection has a bias, which
            openai-whisper's network cannot hold.
    """
    variables = read_variables(data, spec="WhisperSpec")
    encoder_layers, decoder_layers = _count(variables, "encoder"), _count(variables, "decoder")
    tensors: dict[str, Array] = {}
    for index in range(encoder_layers):
        _block(variables, tensors, f"encoder/layer_{index}", f"encoder.blocks.{index}")
    for index in range(decoder_layers):
        source, target = f"decoder/layer_{index}", f"decoder.blocks.{index}"
        _block(variables, tensors, source, target)
        _cross_attention(variables, tensors, f"{source}/attention", target)
    for name in ("conv1", "conv2"):
        _linear(variables, tensors, f"encoder/{name}", f"encoder.{name}")
    _norm(variables, tensors, "encoder/layer_norm", "encoder.ln_post")
    _norm(variables, tensors, "decoder/layer_norm", "decoder.ln")
    # The output projection is an alias of the embedding in both formats.
    tensors["decoder.token_embedding.weight"] = variables["decoder/embeddings/weight"]
    for side in ("encoder", "decoder"):
        positions = variables[f"{side}/position_encodings/encodings"]
        tensors[f"{side}.positional_embedding"] = positions
    dims = {
        "n_mels": variables["encoder/conv1/weight"].shape[1],
        "n_audio_ctx": tensors["encoder.positional_embedding"].shape[0],
        "n_audio_state": tensors["encoder.positional_embedding"].shape[1],
        "n_audio_head": int(variables["encoder/num_heads"]),
        "n_audio_layer": encoder_layers,
        "n_vocab": tensors["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": tensors["decoder.positional_embedding"].shape[0],
        "n_text_state": tensors["decoder.positional_embedding"].shape[1],
        "n_text_head": int(variables["decoder/num_heads"]),
        "n_text_layer": decoder_layers,
    }
    return WhisperWeights(dims=dims, tensors=tensors)


def _count(variables: dict[str, Array], side: str) -> int:
    prefix = f"{side}/layer_"
    return len({n.split("/")[1] for n in variables if n.startswith(prefix) and "norm/" not in n})


def _block(v: dict[str, Array], out: dict[str, Array], source: str, target: str) -> None:
    attention = f"{source}/self_attention"
    _norm(v, out, f"{attention}/layer_norm", f"{target}.attn_ln")
    _split(
        v, out, f"{attention}/linear_0", [f"{target}.attn.{n}" for n in ("query", "key", "value")]
    )
    _linear(v, out, f"{attention}/linear_1", f"{target}.attn.out")
    _norm(v, out, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
    _linear(v, out, f"{source}/ffn/linear_0", f"{target}.mlp.0")
    _linear(v, out, f"{source}/ffn/linear_1", f"{target}.mlp.2")


def _cross_attention(v: dict[str, Array], out: dict[str, Array], source: str, target: str) -> None:
    _norm(v, out, f"{source}/layer_norm", f"{target}.cross_attn_ln")
    _linear(v, out, f"{source}/linear_0", f"{target}.cross_attn.query")
    _split(v, out, f"{source}/linear_1", [f"{target}.cross_attn.{n}" for n in ("key", "value")])
    _linear(v, out, f"{source}/linear_2", f"{target}.cross_attn.out")


def _linear(v: dict[str, Array], out: dict[str, Array], source: str, target: str) -> None:
    out[f"{target}.weight"] = v[f"{source}/weight"]
    out[f"{target}.bias"] = v[f"{source}/bias"]


def _norm(v: dict[str, Array], out: dict[str, Array], source: str, target: str) -> None:
    out[f"{target}.weight"] = v[f"{source}/gamma"]
    out[f"{target}.bias"] = v[f"{source}/beta"]


def _split(v: dict[str, Array], out: dict[str, Array], source: str, targets: list[str]) -> None:
    """Split a fused projection into equal parts along its output dimension."""
    weights = np.split(v[f"{source}/weight"], len(targets))
    biases = np.split(v[f"{source}/bias"], len(targets))
    for target, weight, bias in zip(targets, weights, biases, strict=True):
        out[f"{target}.weight"] = weight
        if not target.endswith(".key"):
            out[f"{target}.bias"] = bias
        elif np.any(bias):
            raise WeightsError(f"model.bin: {source} has a key bias, which Whisper has not")
