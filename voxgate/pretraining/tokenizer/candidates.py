"""One way to make tokens: which layer, which centring, which projection, how many codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from voxgate.pretraining.tokenizer.bottleneck import PairProjection, fit_bottleneck, pair_mean
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures
from voxgate.pretraining.tokenizer.probe import Utterance, phones

__all__ = ["SHIPPED", "Candidate", "labels_of", "projection_of", "vectors_of"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to make tokens."""

    layer: str
    remove_mean: bool
    codes: int | None
    """Size of the codebook; None measures the vectors without one."""

    bottleneck: int | None = None
    """Width of a linear projection trained to tell phones apart (CTC); None takes pair means."""


SHIPPED = Candidate(layer="layer2", remove_mean=True, codes=512, bottleneck=64)
"""The choice (docs/tokenizer.md)."""


def projection_of(
    clips: Sequence[ClipFeatures],
    candidate: Candidate,
    labels: dict[int, list[int]],
    *,
    seed: int,
) -> PairProjection:
    """Return the candidate's projection: the mean of each pair, or one fitted to `clips`."""
    if candidate.bottleneck is None:
        return pair_mean(clips[0].frames.shape[1])
    utterances = [
        Utterance(_frames(clip, candidate), torch.tensor(labels[clip.item.item_id]))
        for clip in clips
    ]
    return fit_bottleneck(utterances, width=candidate.bottleneck, seed=seed)


def vectors_of(
    clips: Sequence[ClipFeatures], candidate: Candidate, projection: PairProjection
) -> list[Tensor]:
    """Return the (N, D) vectors of each clip."""
    return [projection(_frames(clip, candidate)) for clip in clips]


def labels_of(clips: Sequence[ClipFeatures]) -> dict[int, list[int]]:
    """Number the phones that the teacher read, from 1, by item_id."""
    spoken = {
        clip.item.item_id: phones(clip.item.ipa, british=clip.item.voice.startswith("b"))
        for clip in clips
    }
    inventory = sorted({phone for line in spoken.values() for phone in line})
    number = {phone: index for index, phone in enumerate(inventory, start=1)}
    return {item_id: [number[phone] for phone in line] for item_id, line in spoken.items()}


def _frames(clip: ClipFeatures, candidate: Candidate) -> Tensor:
    return torch.from_numpy(clip.frames - clip.mean if candidate.remove_mean else clip.frames)
