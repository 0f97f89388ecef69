"""Build openai-whisper's network from a checked folder of weights."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import LANGUAGES, Tokenizer, get_tokenizer

from voxgate.adapters.assets.recipes import METADATA_KEY
from voxgate.errors import WeightsError

__all__ = ["LoadedWhisper", "load_whisper"]

_NEAREST = {"yue": "zh"}


@dataclass(frozen=True)
class LoadedWhisper:
    """A network in evaluation mode, float32, and what its weights file says about it.

    `alignment_heads` are (layer, head) pairs of the decoder whose cross-attention follows time.
    """

    network: Whisper
    alignment_heads: tuple[tuple[int, int], ...]

    def tokenizer(self, language: str) -> Tokenizer:
        """Return the tokenizer; an English-only network ignores the language.

        A language that the network has no token for is written as its nearest (`spelled_as`).
        """
        return get_tokenizer(
            self.network.is_multilingual,
            num_languages=self.network.num_languages,
            language=self.spelled_as(language),
            task="transcribe",
        )

    def spelled_as(self, language: str) -> str:
        """Return the language that the network hears `language` as.

        Networks before large-v3 know no Cantonese and call it Chinese.
        """
        known = tuple(LANGUAGES)[: self.network.num_languages]
        return language if language in known else _NEAREST.get(language, language)


def load_whisper(folder: Path) -> LoadedWhisper:
    """Load `model.safetensors` (voxgate's conversion) or one openai-whisper checkpoint `*.pt`.

    The caller has compared the files' sha256 with their pins.

    Raises:
        WeightsError: the folder holds neither, or the tensors do not fit the dimensions.
    """
    converted = folder / "model.safetensors"
    checkpoints = sorted(folder.glob("*.pt"))
    if converted.is_file():
        dims, heads, state = _from_safetensors(converted)
    elif len(checkpoints) == 1:
        dims, heads, state = _from_checkpoint(checkpoints[0])
    else:
        raise WeightsError(f"{folder}: expected model.safetensors or one *.pt file")
    # Construction draws random weights that are then replaced; the caller's generator must not
    # notice.
    with torch.random.fork_rng(devices=[]):
        network = Whisper(ModelDimensions(**dims))
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise WeightsError(f"{folder}: the tensors do not fit the network: {error}") from error
    network.eval().requires_grad_(False)
    return LoadedWhisper(network, heads or _last_layers(dims))


def _from_safetensors(path: Path) -> tuple[dict[str, int], Any, dict[str, torch.Tensor]]:
    from safetensors.torch import load

    data = path.read_bytes()
    # The format is a length, a JSON header, then the tensors.
    (length,) = struct.unpack("<Q", data[:8])
    metadata = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    if METADATA_KEY not in metadata:
        raise WeightsError(f"{path}: no {METADATA_KEY!r} metadata; run `voxgate weights fetch`")
    description = json.loads(metadata[METADATA_KEY])
    heads = tuple((layer, head) for layer, head in description["alignment_heads"])
    return description["dims"], heads, load(data)


def _from_checkpoint(path: Path) -> tuple[dict[str, int], Any, dict[str, torch.Tensor]]:
    import base64
    import gzip

    import numpy as np
    import whisper

    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    dims = checkpoint["dims"]
    dump = whisper._ALIGNMENT_HEADS.get(path.stem)  # noqa: SLF001 (published with each model)
    if dump is None:
        return dims, (), checkpoint["model_state_dict"]
    flags = np.frombuffer(gzip.decompress(base64.b85decode(dump)), dtype=bool)
    chosen = np.argwhere(flags.reshape(dims["n_text_layer"], dims["n_text_head"]))
    return dims, tuple((int(a), int(b)) for a, b in chosen), checkpoint["model_state_dict"]


def _last_layers(dims: dict[str, int]) -> tuple[tuple[int, int], ...]:
    """Return every head of the upper half of the decoder: Whisper's own default."""
    layers = range(dims["n_text_layer"] // 2, dims["n_text_layer"])
    return tuple((layer, head) for layer in layers for head in range(dims["n_text_head"]))
