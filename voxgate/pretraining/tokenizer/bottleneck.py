"""From two feature frames to the vector that becomes a token: their mean, or a learned projection.

The learned one is the widest layer of a linear phone recogniser (CTC, Graves et al. 2006): a few
dozen directions that tell phones apart, instead of all that a frame says about voice and channel.
T = 2N feature frames, N vectors, C channels, D width, P phones and the blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from voxgate.pretraining.tokenizer.probe import Utterance

__all__ = ["PairProjection", "fit_bottleneck", "pair_mean"]

_STEPS = 600
_BATCH = 24
_DROPOUT = 0.1
_MAX_LEARNING_RATE = 5e-3


@dataclass(frozen=True)
class PairProjection:
    """The weights of `ssl_proj`: weight (D, C, 2), bias (D,)."""

    weight: Tensor
    bias: Tensor

    def __call__(self, frames: Tensor) -> Tensor:
        """Project (T, C) frames to (N, D)."""
        out = nn.functional.conv1d(frames.T[None], self.weight, self.bias, stride=2)  # (1, D, N)
        return out[0].T.contiguous()


def pair_mean(channels: int) -> PairProjection:
    """Return the projection that is the mean of each pair."""
    half = 0.5 * torch.eye(channels)[:, :, None].repeat(1, 1, 2)
    return PairProjection(half, torch.zeros(channels))


def fit_bottleneck(
    utterances: Sequence[Utterance], *, width: int, seed: int, steps: int = _STEPS
) -> PairProjection:
    """Train a linear recogniser of phones and return its projection to `width` directions.

    Args:
        utterances: `inputs` are (T, C) frames, `labels` phones from 1.
        width: D.
        seed: of weights, order and dropout.
        steps: of AdamW with a one-cycle schedule.
    """
    channels = utterances[0].inputs.shape[1]
    classes = 1 + max(int(one.labels.max()) for one in utterances)
    spread = torch.cat([one.inputs for one in utterances[:100]]).std(0)  # (C,)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        project = nn.Conv1d(channels, width, 2, stride=2)
        # Two outputs a vector: some phones are shorter than one token.
        recogniser = nn.Sequential(nn.Dropout(_DROPOUT), nn.Linear(width, 2 * classes))
        parameters = [*project.parameters(), *recogniser.parameters()]
        optimiser = torch.optim.AdamW(parameters, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=_MAX_LEARNING_RATE, total_steps=steps
        )
        for _ in range(steps):
            batch = [utterances[i] for i in torch.randint(len(utterances), (_BATCH,))]
            frames = pad_sequence([one.inputs / spread for one in batch], batch_first=True)
            vectors = project(frames.transpose(1, 2)).transpose(1, 2)  # (B, N, D)
            logits = recogniser(vectors).reshape(len(batch), -1, classes)  # (B, T, P)
            loss = nn.functional.ctc_loss(
                logits.log_softmax(-1).transpose(0, 1),
                torch.cat([one.labels for one in batch]),
                torch.tensor([len(one.inputs) for one in batch]),
                torch.tensor([len(one.labels) for one in batch]),
                zero_infinity=True,
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
            schedule.step()
    weight = project.weight.detach() / spread[None, :, None]
    assert project.bias is not None
    return PairProjection(weight, project.bias.detach())
