"""What the base is pretrained on: every prepared reading as a clip, in memory.

One `NNNNNN.npz` a shard, as `prepare` writes it. M tokens, F = 4 M fine frames, N = 640 M samples
of one clip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.gpt_sovits.presets import MINI
from voxgate.features.clips import TrainingClip
from voxgate.pretraining.speech.pack import read_pack
from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES
from voxgate.types import Wave

__all__ = ["CODEBOOK_FILE", "SAMPLES_PER_TOKEN", "BaseSet", "read_base_set"]

CODEBOOK_FILE = "codebook.npy"
"""(codes, D) float32 beside the shards: the tokenizer's vectors, which S2 reads."""

SAMPLES_PER_TOKEN = MINI.samples_per_token
_VALIDATION_SHARE = 0.01


@dataclass(frozen=True, kw_only=True)
class BaseSet:
    """The clips to learn from, two sets to measure on, and what is known beside them."""

    train: tuple[TrainingClip, ...]
    seen_voices: tuple[TrainingClip, ...]
    """Unread sentences of the voices in `train`."""

    unseen_voices: tuple[TrainingClip, ...]
    """Sentences of HELD_OUT_VOICES."""

    voices: Mapping[str, str]
    """The voice of each clip, by clip_id."""

    pitch: Mapping[str, Tensor]
    """(F,) float32 in Hz of each clip, by clip_id; 0 where unvoiced."""


@dataclass(frozen=True, kw_only=True)
class _Reading:
    item_id: int
    voice: str
    pitch: Tensor
    clip: TrainingClip


def read_base_set(folder: Path, *, pack: Path | None = None) -> BaseSet:
    """Read every prepared shard; the audio from `pack` where the shards carry none.

    Raises:
        ValueError: there is no shard, or a shard without audio is not in the pack.
    """
    waves = dict(_pack_waves(pack)) if pack is not None else {}
    readings = [one for path in sorted(folder.glob("*.npz")) for one in _read_shard(path, waves)]
    if not readings:
        raise ValueError(f"{folder}: no prepared shard; run `voxgate pretrain base` first")
    train, seen, unseen = [], [], []
    for one in readings:
        if one.voice in HELD_OUT_VOICES:
            unseen.append(one.clip)
        elif np.random.default_rng(one.item_id).random() < _VALIDATION_SHARE:
            seen.append(one.clip)
        else:
            train.append(one.clip)
    return BaseSet(
        train=tuple(train),
        seen_voices=tuple(seen),
        unseen_voices=tuple(unseen),
        voices={one.clip.clip_id: one.voice for one in readings},
        pitch={one.clip.clip_id: one.pitch for one in readings},
    )


def _read_shard(path: Path, waves: Mapping[int, NDArray[np.int16]]) -> Iterator[_Reading]:
    with np.load(path) as arrays:
        content = {name: arrays[name] for name in arrays.files}
    phones = np.split(content["phones"].astype(np.int64), np.cumsum(content["phone_lengths"])[:-1])
    ends = np.cumsum(content["code_lengths"])[:-1]
    codes = np.split(content["codes"].astype(np.int64), ends)
    pitch = np.split(content["pitch_hz"].astype(np.float32), 4 * ends)
    audio = np.split(content["audio"], SAMPLES_PER_TOKEN * ends) if "audio" in content else None
    for row, item_id in enumerate(map(int, content["item_ids"])):
        if audio is None and item_id not in waves:
            raise ValueError(f"{path}: item {item_id} has no audio, here or in the pack")
        samples = SAMPLES_PER_TOKEN * len(codes[row])
        own = audio[row] if audio is not None else _fit(waves[item_id], samples)
        yield _Reading(
            item_id=item_id,
            voice=str(content["voices"][row]),
            pitch=torch.from_numpy(pitch[row]),
            clip=TrainingClip(
                clip_id=f"{item_id:06d}",
                text="",
                phones=phones[row],
                tokens=codes[row],
                read_wave=partial(_wave, own),
            ),
        )


def _wave(audio: NDArray[np.int16]) -> Wave:
    """Convert when asked: hours of float32 would not fit beside the training."""
    return np.asarray(audio.astype(np.float32) / 32768, dtype=np.float32)


def _fit(audio: NDArray[np.int16], samples: int) -> NDArray[np.int16]:
    """Cut or zero-pad to what the tokens cover, as `prepare` does."""
    return np.pad(audio[:samples], (0, max(0, samples - len(audio))))


def _pack_waves(pack: Path) -> Iterator[tuple[int, NDArray[np.int16]]]:
    for item, wave in read_pack(pack):
        yield item.item_id, (np.clip(wave, -1, 1) * 32767).astype(np.int16)
