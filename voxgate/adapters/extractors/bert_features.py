"""Rows of Chinese characters for the public presets: the third hidden state of BERT from its end.

Source: docs/gpt_sovits.md 5.3. The layers above that state are not built.

The published vocabulary holds Chinese characters and marks one by one, and here each character is
looked up alone. A tokenizer would do the same but for runs that it takes for one word (〇〇, two
characters of the newest Unicode blocks), which would shift every row behind them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.extractors.frozen_weights import load_frozen, read_frozen
from voxgate.adapters.extractors.transformers_compat import import_transformers, read_config
from voxgate.errors import WeightsError
from voxgate.voice.text_features import Rows

__all__ = ["BertFeatures", "load_bert"]

_UNREAD_LAYERS = 2
"""Of the hidden states, of which the first are the embeddings, the third from the end is read."""

_BODY = ("bert.embeddings.", "bert.encoder.")
"""The rest of the published file predicts masked words."""

_COMPUTED = "bert.embeddings.position_ids"
"""A buffer when the weights were published."""

_SPECIAL = ("[CLS]", "[SEP]", "[UNK]")


class BertFeatures:
    """Implements voice.text_features.TextFeatures."""

    def __init__(self, network: nn.Module, vocabulary: Mapping[str, int], sha256: str) -> None:
        self._network = network
        self._vocabulary = vocabulary
        self._start, self._end, self._unknown = (vocabulary[word] for word in _SPECIAL)
        self.sha256 = sha256
        """Digest of the weights, as params.yaml pins it."""

    def compute(self, text: str) -> Rows:
        """Return (characters, C) float16 rows of a normalised text.

        A text longer than the network reads at once (510 characters of the published one) is read
        in parts of about equal length.
        """
        ids = [self._vocabulary.get(character, self._unknown) for character in text]
        with torch.inference_mode():
            rows = [self._read(part) for part in self._parts(ids)]
        return np.concatenate(rows)

    def _parts(self, ids: list[int]) -> Iterator[list[int]]:
        most: int = self._network.config.max_position_embeddings - 2  # type: ignore[union-attr, assignment, operator]
        parts = -(-len(ids) // most)
        size = -(-len(ids) // parts)
        yield from (ids[at : at + size] for at in range(0, len(ids), size))

    def _read(self, ids: list[int]) -> Rows:
        whole = torch.tensor([[self._start, *ids, self._end]])
        state: Tensor = self._network(whole).last_hidden_state  # (1, 2 + characters, C)
        rows: Rows = state[0, 1:-1].half().numpy()
        return rows


def load_bert(name: str, *, sha256: str, assets_dir: Path) -> BertFeatures:
    """Load BERT from a checked folder: `config.json`, a vocabulary and the weights.

    Args:
        name: a local folder, as `voxgate weights import` makes one.
        sha256: the digest of the folder that is expected.
        assets_dir: where assets live on this machine.

    Raises:
        WeightsError: a file is absent, damaged, not the pinned one, or does not fit.
        AssetError: the package `transformers` is not installed.
    """
    folder = checked_folder(name, sha256, assets_dir)
    transformers = import_transformers()
    values = read_config(folder, "bert")
    layers = values["num_hidden_layers"] - _UNREAD_LAYERS
    config = transformers.BertConfig(**(values | {"num_hidden_layers": layers}))
    tensors = {
        key.removeprefix("bert."): value
        for key, value in read_frozen(folder, "bert").items()
        if _is_read(key, layers)
    }
    network = load_frozen(
        lambda: transformers.BertModel(config, add_pooling_layer=False), tensors, folder
    )
    return BertFeatures(network, _read_vocabulary(folder, config.vocab_size), sha256)


def _is_read(key: str, layers: int) -> bool:
    if not key.startswith(_BODY) or key == _COMPUTED:
        return False
    _, is_layer, rest = key.partition(".encoder.layer.")
    return not is_layer or int(rest.partition(".")[0]) < layers


def _read_vocabulary(folder: Path, rows: int) -> dict[str, int]:
    complete, words = folder / "tokenizer.json", folder / "vocab.txt"
    try:
        if words.is_file():
            lines = words.read_text(encoding="utf-8").split("\n")
            found = {word.rstrip("\r"): place for place, word in enumerate(lines) if word}
        else:
            found = dict(json.loads(complete.read_text(encoding="utf-8"))["model"]["vocab"])
    except FileNotFoundError:
        raise WeightsError(
            f"{folder}: expected tokenizer.json or vocab.txt, which are published beside the "
            "weights; copy one of them into the folder"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder}: its vocabulary cannot be read: {error!r}") from error
    absent = [word for word in _SPECIAL if word not in found]
    if absent or max(found.values()) >= rows:
        raise WeightsError(
            f"{folder}: its vocabulary of {len(found)} words does not fit the {rows} rows of the "
            f"weights{' and lacks ' + ', '.join(absent) if absent else ''}; copy the one that is "
            "published beside them"
        )
    return found
