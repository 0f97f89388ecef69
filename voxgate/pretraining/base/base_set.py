"""What the base is pretrained on: phones, tokens, pitch and audio of every reading, in memory.

Only numpy, torch and the standard library: this module also runs on a GPU machine without more.
One `NNNNNN.npz` a shard, as `prepare` writes it. L phones, M tokens, F = 4 M fine frames,
N = 640 M samples of one item; B items of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxgate.pretraining.speech.pack import read_pack
from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES

__all__ = ["CODEBOOK_FILE", "BaseItem", "BaseSet", "pad_rows", "read_base_set"]

CODEBOOK_FILE = "codebook.npy"
"""(codes, D) float32 beside the shards: the tokenizer's vectors, which S2 reads."""

SAMPLES_PER_TOKEN = 640
_VALIDATION_SHARE = 0.01


@dataclass(frozen=True, kw_only=True)
class BaseItem:
    """One reading."""

    item_id: int
    voice: str
    phones: NDArray[np.int64]
    """(L,)."""

    codes: NDArray[np.int64]
    """(M,)."""

    pitch_hz: NDArray[np.float32]
    """(4 M,), 0 where unvoiced."""

    audio: NDArray[np.int16]
    """(640 M,): int16, because hours of float32 would not fit beside the training."""

    def wave(self) -> Tensor:
        """Return (640 M,) float32 in [-1, 1]."""
        return torch.from_numpy(self.audio.astype(np.float32) / 32768)


@dataclass(frozen=True)
class BaseSet:
    """The items to learn from, and two sets to measure on."""

    train: tuple[BaseItem, ...]
    seen_voices: tuple[BaseItem, ...]
    """Unread sentences of the voices in `train`."""

    unseen_voices: tuple[BaseItem, ...]
    """Sentences of HELD_OUT_VOICES."""

    _by_voice: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for index, item in enumerate(self.train):
            self._by_voice.setdefault(item.voice, []).append(index)

    def batch(self, step: int, *, seconds: float, seed: int) -> list[BaseItem]:
        """Draw items of similar length, `seconds` of speech in all: a function of step and seed."""
        random = np.random.default_rng([seed, step])
        pool = [self.train[int(i)] for i in random.integers(len(self.train), size=256)]
        pool.sort(key=lambda item: len(item.codes))
        start = int(random.integers(len(pool)))
        chosen: list[BaseItem] = []
        for item in pool[start:] + pool[:start][::-1]:
            chosen.append(item)
            if len(chosen) * max(len(one.codes) for one in chosen) / 25 >= seconds:
                break
        return chosen

    def prompts(self, items: Sequence[BaseItem], step: int, *, seed: int) -> list[BaseItem]:
        """Draw another item of each one's voice."""
        random = np.random.default_rng([seed, step, 1])
        return [
            self.train[int(random.choice(self._by_voice[item.voice]))]
            if item.voice in self._by_voice
            else item
            for item in items
        ]


def pad_rows(rows: Sequence[NDArray[Any]]) -> tuple[Tensor, Tensor]:
    """Right-pad 1-d arrays with zeros: (B, longest) and the lengths (B,)."""
    tensors = [torch.from_numpy(np.ascontiguousarray(row)) for row in rows]
    lengths = torch.tensor([len(row) for row in rows])
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True), lengths


def read_base_set(folder: Path, *, pack: Path | None = None) -> BaseSet:
    """Read every prepared shard; the audio from `pack` where the shards carry none.

    Raises:
        ValueError: there is no shard, or a shard without audio is not in the pack.
    """
    waves = dict(_pack_waves(pack)) if pack is not None else {}
    items = [item for path in sorted(folder.glob("*.npz")) for item in _read_shard(path, waves)]
    if not items:
        raise ValueError(f"{folder}: no prepared shard; run `voxgate pretrain base` first")
    train, seen, unseen = [], [], []
    for item in items:
        if item.voice in HELD_OUT_VOICES:
            unseen.append(item)
        elif np.random.default_rng(item.item_id).random() < _VALIDATION_SHARE:
            seen.append(item)
        else:
            train.append(item)
    return BaseSet(tuple(train), tuple(seen), tuple(unseen))


def _read_shard(path: Path, waves: dict[int, NDArray[np.int16]]) -> Iterator[BaseItem]:
    with np.load(path) as arrays:
        content = {name: arrays[name] for name in arrays.files}
    phones = np.split(content["phones"].astype(np.int64), np.cumsum(content["phone_lengths"])[:-1])
    ends = np.cumsum(content["code_lengths"])[:-1]
    codes = np.split(content["codes"].astype(np.int64), ends)
    pitch = np.split(content["pitch_hz"].astype(np.float32), 4 * ends)
    audio = np.split(content["audio"], SAMPLES_PER_TOKEN * ends) if "audio" in content else None
    for row, item_id in enumerate(content["item_ids"]):
        samples = SAMPLES_PER_TOKEN * len(codes[row])
        if audio is None and int(item_id) not in waves:
            raise ValueError(f"{path}: item {item_id} has no audio, here or in the pack")
        yield BaseItem(
            item_id=int(item_id),
            voice=str(content["voices"][row]),
            phones=phones[row],
            codes=codes[row],
            pitch_hz=pitch[row],
            audio=audio[row] if audio is not None else _fit(waves[int(item_id)], samples),
        )


def _fit(audio: NDArray[np.int16], samples: int) -> NDArray[np.int16]:
    """Cut or zero-pad to what the tokens cover, as `prepare` does."""
    return np.pad(audio[:samples], (0, max(0, samples - len(audio))))


def _pack_waves(pack: Path) -> Iterator[tuple[int, NDArray[np.int16]]]:
    for item, wave in read_pack(pack):
        yield item.item_id, (np.clip(wave, -1, 1) * 32767).astype(np.int16)
