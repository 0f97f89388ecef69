"""How much of what was said is in a representation: the phone error rate of a small CTC probe.

The probe is a measuring instrument, not a product: four convolutions over codes (or continuous
vectors), trained on some voices and measured on others that read other sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from voxgate.pretraining.speech.phonemes import to_kokoro

__all__ = ["Probe", "Utterance", "edit_distance", "phones", "train_probe"]

_MERGED = {"T": "t", "ᵊ": "ə", "ᵻ": "ɪ", "ɒ": "ɑ", "Q": "O", "a": "æ", "ɚ": "ə", "ɾ": "t"}
_BLOCKS = 4
_DROPPED = set("ˈˌː ,.!?;:—…")


@dataclass(frozen=True)
class Utterance:
    """inputs: (N,) int64 codes or (N, D) float32 vectors at 25 Hz; labels: (L,) int64, from 1."""

    inputs: Tensor
    labels: Tensor


def phones(ipa: str, *, british: bool) -> list[str]:
    """Return the phones of espeak-ng's IPA: about 40 symbols that both accents share."""
    symbols = to_kokoro(ipa, british=british)
    return [_MERGED.get(symbol, symbol) for symbol in symbols if symbol not in _DROPPED]


class Probe(nn.Module):
    """Codes or vectors at 25 Hz to log-probabilities at 50 Hz: (B, N) or (B, N, D) → (B, 2N, P).

    Residual convolutions that see 17 tokens (0.7 s). Two outputs a token, because some phones are
    shorter than one token.
    """

    def __init__(self, *, codes: int | None, width: int, classes: int, hidden: int) -> None:
        super().__init__()
        self.classes = classes
        self.enter = nn.Linear(width, hidden) if codes is None else nn.Embedding(codes, hidden)
        self.drop = nn.Dropout(0.15)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm1d(hidden), nn.GELU(), nn.Conv1d(hidden, hidden, 5, padding=2)
            )
            for _ in range(_BLOCKS)
        )
        self.leave = nn.Linear(hidden, 2 * classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return log-probabilities (B, 2N, P)."""
        x = self.drop(self.enter(inputs)).transpose(1, 2)  # (B, H, N)
        for block in self.blocks:
            x = x + self.drop(block(x))
        x = self.leave(x.transpose(1, 2)).reshape(len(x), -1, self.classes)  # (B, 2N, P)
        return torch.log_softmax(x, dim=-1)


def train_probe(
    train: Sequence[Utterance],
    test: Sequence[Utterance],
    *,
    codes: int | None,
    classes: int,
    steps: int,
    seed: int,
    batch: int = 16,
    hidden: int = 128,
) -> float:
    """Train a probe and return its phone error rate on `test` (greedy decoding).

    Args:
        train: utterances to learn from.
        test: utterances of other voices.
        codes: size of the codebook; None when the inputs are vectors.
        classes: phones and the blank, whose label is 0.
        steps: of AdamW with a one-cycle schedule.
        seed: of weights, order and dropout.
        batch: utterances a step.
        hidden: width of the probe.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        width = 1 if codes is not None else int(train[0].inputs.shape[1])
        probe = Probe(codes=codes, width=width, classes=classes, hidden=hidden)
        _fit(probe, train, steps, batch)
    return _error_rate(probe.eval(), test)


def _fit(probe: Probe, train: Sequence[Utterance], steps: int, batch: int) -> None:
    optimiser = torch.optim.AdamW(probe.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=4e-3, total_steps=steps)
    order = torch.empty(0, dtype=torch.int64)
    for _ in range(steps):
        if len(order) < batch:
            order = torch.cat([order, torch.randperm(len(train))])
        chosen, order = order[:batch], order[batch:]
        loss = _loss(probe, [train[int(index)] for index in chosen])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(probe.parameters(), 5.0)
        optimiser.step()
        schedule.step()


def _loss(probe: Probe, batch: Sequence[Utterance]) -> Tensor:
    output = probe(pad_sequence([one.inputs for one in batch], batch_first=True))  # (B, 2N, P)
    loss: Tensor = nn.functional.ctc_loss(
        output.transpose(0, 1),  # (2N, B, P)
        torch.cat([one.labels for one in batch]),
        torch.tensor([2 * len(one.inputs) for one in batch]),
        torch.tensor([len(one.labels) for one in batch]),
        zero_infinity=True,
    )
    return loss


@torch.inference_mode()
def _error_rate(probe: Probe, test: Sequence[Utterance]) -> float:
    errors = total = 0
    for one in test:
        best = probe(one.inputs[None])[0].argmax(-1)  # (2N,)
        heard = [int(label) for label in torch.unique_consecutive(best) if label]
        errors += edit_distance(heard, one.labels.tolist())
        total += len(one.labels)
    return errors / total


def edit_distance(left: Sequence[int], right: Sequence[int]) -> int:
    """Count the insertions, deletions and substitutions between two sequences.

    >>> edit_distance([1, 2, 3], [1, 3, 3, 4])
    2
    """
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
