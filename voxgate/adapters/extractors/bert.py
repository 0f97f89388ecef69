"""Text features of the public presets for Chinese: a BERT layer, one row a character.

Source: docs/gpt_sovits.md 5.3. Every other language has zeros in their place.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.extractors.frozen_weights import load_frozen, read_frozen
from voxgate.adapters.extractors.transformers_compat import import_transformers, read_config
from voxgate.errors import TextError, WeightsError

__all__ = ["BertFeatures", "load_bert"]

_LANGUAGE = "zh"
_LAYER = -3
"""Of the hidden states, of which the first are the embeddings."""

_BODY = ("bert.embeddings.", "bert.encoder.")
"""The rest of the published file predicts masked words, or is a buffer that became computed."""

_COMPUTED = "bert.embeddings.position_ids"


class BertFeatures:
    """Character features, repeated over the phones of each character."""

    def __init__(self, network: nn.Module, tokenizer: Any, sha256: str) -> None:
        self._network = network
        self._tokenizer = tokenizer
        self.sha256 = sha256
        """Digest of the weights, as params.yaml pins it."""

    @property
    def channels(self) -> int:
        """C: 1024 of the published network."""
        size: int = self._network.config.hidden_size  # type: ignore[union-attr, assignment]
        return size

    def compute(
        self, text: str, *, phones_per_character: Sequence[int], language: str
    ) -> NDArray[np.float32]:
        """Return (C, P) float32 features of the P phones of a normalised text.

        Args:
            text: as the front end normalised it.
            phones_per_character: how many phones each character of `text` has; its sum is P.
            language: zeros are returned unless it is "zh".

        Raises:
            TextError: characters and phones do not correspond.
        """
        phones = sum(phones_per_character)
        if language != _LANGUAGE:
            return np.zeros((self.channels, phones), dtype=np.float32)
        ids = self._tokenizer.encode(text).ids  # [CLS], the characters, [SEP]
        if not len(text) == len(phones_per_character) == len(ids) - 2:
            raise TextError(
                f"{text!r}: expected one token and one number of phones a character, got "
                f"{len(text)} characters, {len(ids) - 2} tokens and {len(phones_per_character)} "
                "numbers; normalise the text first"
            )
        with torch.inference_mode():
            states = self._network(torch.tensor([ids]), output_hidden_states=True).hidden_states
        rows: Tensor = states[_LAYER][0, 1:-1]  # (characters, C)
        repeated = rows.repeat_interleave(torch.tensor(phones_per_character), dim=0)
        features: NDArray[np.float32] = repeated.T.contiguous().numpy()
        return features


def load_bert(name: str, *, sha256: str, assets_dir: Path) -> BertFeatures:
    """Load BERT from a checked folder: `config.json`, a vocabulary and the weights.

    Args:
        name: a local folder (its small files have no published digest to pin in the catalogue).
        sha256: the digest that params.yaml pins.
        assets_dir: where assets live on this machine.

    Raises:
        WeightsError: a file is absent, damaged, not the pinned one, or does not fit.
        AssetError: the package `transformers` is not installed.
    """
    folder = checked_folder(name, sha256, assets_dir)
    transformers = import_transformers()
    config = transformers.BertConfig(**read_config(folder, "bert"))
    tensors = {
        key.removeprefix("bert."): value
        for key, value in read_frozen(folder, "bert").items()
        if key.startswith(_BODY) and key != _COMPUTED
    }
    network = load_frozen(
        lambda: transformers.BertModel(config, add_pooling_layer=False), tensors, folder
    )
    return BertFeatures(network, _read_tokenizer(folder), sha256)


def _read_tokenizer(folder: Path) -> Any:
    tokenizers = importlib.import_module("tokenizers")
    complete, words = folder / "tokenizer.json", folder / "vocab.txt"
    if complete.is_file():
        return tokenizers.Tokenizer.from_file(str(complete))
    if words.is_file():
        return tokenizers.BertWordPieceTokenizer(str(words))
    raise WeightsError(
        f"{folder}: expected tokenizer.json or vocab.txt, which are published beside the weights; "
        "copy one of them into the folder"
    )
