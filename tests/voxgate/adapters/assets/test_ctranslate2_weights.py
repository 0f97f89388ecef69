from __future__ import annotations

import struct

import numpy as np
import pytest

from voxgate.adapters.assets.ctranslate2_weights import convert_whisper, read_variables
from voxgate.errors import WeightsError

_CODES = {"float32": 0, "int8": 1, "int16": 2, "float16": 4}
_WIDTH = 4


def _text(value: str) -> bytes:
    raw = value.encode() + b"\0"
    return struct.pack("<H", len(raw)) + raw


def serialise(variables: dict[str, np.ndarray], *, spec: str = "WhisperSpec") -> bytes:
    """Write a model.bin as CTranslate2 does."""
    out = [struct.pack("<I", 6), _text(spec), struct.pack("<II", 3, len(variables))]
    for name, value in variables.items():
        data = value.tobytes()
        out.append(_text(name) + struct.pack("<B", value.ndim))
        out.append(struct.pack(f"<{value.ndim}I", *value.shape))
        out.append(struct.pack("<BI", _CODES[str(value.dtype)], len(data)) + data)
    alias = _text("decoder/projection/weight") + _text("decoder/embeddings/weight")
    return b"".join([*out, struct.pack("<I", 1), alias])


def whisper_variables() -> dict[str, np.ndarray]:
    """Return the variables of a one-layer Whisper with random float16 values."""
    rng = np.random.default_rng(0)

    def random(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float16)

    found: dict[str, np.ndarray] = {}

    def linear(name: str, out: int, width: int = _WIDTH) -> None:
        found[f"{name}/weight"], found[f"{name}/bias"] = random(out, width), random(out)

    def norm(name: str) -> None:
        found[f"{name}/gamma"], found[f"{name}/beta"] = random(_WIDTH), random(_WIDTH)

    def fused(name: str, parts: int, key: int) -> None:
        linear(name, parts * _WIDTH)
        found[f"{name}/bias"][key * _WIDTH : (key + 1) * _WIDTH] = 0

    for side in ("encoder", "decoder"):
        layer = f"{side}/layer_0"
        norm(f"{layer}/self_attention/layer_norm")
        fused(f"{layer}/self_attention/linear_0", 3, key=1)
        linear(f"{layer}/self_attention/linear_1", _WIDTH)
        norm(f"{layer}/ffn/layer_norm")
        linear(f"{layer}/ffn/linear_0", 4 * _WIDTH)
        linear(f"{layer}/ffn/linear_1", _WIDTH, 4 * _WIDTH)
        norm(f"{side}/layer_norm")
        found[f"{side}/num_heads"] = np.array(2, dtype=np.int16)
    norm("decoder/layer_0/attention/layer_norm")
    linear("decoder/layer_0/attention/linear_0", _WIDTH)
    fused("decoder/layer_0/attention/linear_1", 2, key=0)
    linear("decoder/layer_0/attention/linear_2", _WIDTH)
    found["encoder/conv1/weight"], found["encoder/conv1/bias"] = random(_WIDTH, 80, 3), random(4)
    found["encoder/conv2/weight"], found["encoder/conv2/bias"] = random(4, 4, 3), random(4)
    found["encoder/position_encodings/encodings"] = random(1500, _WIDTH)
    found["decoder/position_encodings/encodings"] = random(448, _WIDTH)
    found["decoder/embeddings/weight"] = random(51_864, _WIDTH)
    return found


def test_conversion_fills_every_tensor_of_whispers_network() -> None:
    import torch
    from whisper.model import ModelDimensions, Whisper

    converted = convert_whisper(serialise(whisper_variables()))
    network = Whisper(ModelDimensions(**converted.dims))
    state = {name: torch.from_numpy(value.copy()) for name, value in converted.tensors.items()}

    assert set(state) == set(network.state_dict())
    network.load_state_dict(state)  # strict: also compares every shape
    assert converted.dims["n_audio_layer"] == converted.dims["n_text_layer"] == 1


def test_conversion_keeps_values_and_splits_fused_projections_in_order() -> None:
    variables = whisper_variables()
    tensors = convert_whisper(serialise(variables)).tensors

    fused = variables["decoder/layer_0/self_attention/linear_0/weight"]
    parts = [tensors[f"decoder.blocks.0.attn.{name}.weight"] for name in ("query", "key", "value")]
    np.testing.assert_array_equal(np.concatenate(parts), fused)
    cross = variables["decoder/layer_0/attention/linear_1/weight"]
    parts = [tensors[f"decoder.blocks.0.cross_attn.{name}.weight"] for name in ("key", "value")]
    np.testing.assert_array_equal(np.concatenate(parts), cross)


def test_key_bias_is_refused_instead_of_dropped() -> None:
    variables = whisper_variables()
    variables["encoder/layer_0/self_attention/linear_0/bias"][_WIDTH] = 0.5

    with pytest.raises(WeightsError, match="key bias"):
        convert_whisper(serialise(variables))


@pytest.mark.parametrize("keep", [2, 40, 1_000])
def test_file_that_is_cut_off_is_refused(keep: int) -> None:
    with pytest.raises(WeightsError, match="cut off"):
        read_variables(serialise(whisper_variables())[:keep], spec="WhisperSpec")


def test_bytes_after_the_end_are_refused() -> None:
    with pytest.raises(WeightsError, match="after the last alias"):
        read_variables(serialise(whisper_variables()) + b"x", spec="WhisperSpec")


def test_other_model_type_is_refused_by_name() -> None:
    data = serialise({}, spec="TransformerSpec")

    with pytest.raises(WeightsError, match=r"expected WhisperSpec.*'TransformerSpec'"):
        read_variables(data, spec="WhisperSpec")
