"""How much of the tensors of training is padding, with batches of clips and with those of seconds.

    python -m scripts.scale.training_padding [--features build/featurize] [--clips 10000]

Without `--features` clips are drawn: log-normal lengths like those of the project's corpus between
1 and 20 s (median 2.4 s), 12 phones a second with a spread of 18 % from clip to clip. Shares are
of padded positions over whole epochs: S1 pads phones and tokens, S2 what follows from tokens.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.features.clips import read_feature_set
from voxgate.training.fit.batches import BatchOrder, Order
from voxgate.training.fit.buckets import BucketOrder

TOKENS_PER_S = 25
LOG_MEAN, LOG_SPREAD = 0.858, 0.646
SHORTEST_S, LONGEST_S = 1.0, 20.0
PHONES_PER_S, PHONE_SPREAD = 12.0, 0.18

Lengths = NDArray[np.int64]


def drawn_lengths(clips: int, *, seed: int = 1) -> tuple[Lengths, Lengths]:
    """Draw phones and tokens of clips."""
    random = np.random.default_rng(seed)
    seconds = np.exp(random.normal(LOG_MEAN, LOG_SPREAD, 4 * clips))
    seconds = seconds[(seconds >= SHORTEST_S) & (seconds <= LONGEST_S)][:clips]
    rates = PHONES_PER_S * np.exp(random.normal(0, PHONE_SPREAD, len(seconds)))
    return (
        np.maximum(1, np.round(seconds * rates)).astype(np.int64),
        np.round(seconds * TOKENS_PER_S).astype(np.int64),
    )


def featurised_lengths(folder: Path) -> tuple[Lengths, Lengths]:
    """Return phones and tokens of the clips that a checkout trains on."""
    clips = read_feature_set(folder).train
    return (
        np.array([len(clip.phones) for clip in clips]),
        np.array([len(clip.tokens) for clip in clips]),
    )


def padded_share(order: Order, *columns: Lengths, epochs: int) -> float:
    """Return the share of positions that are padding, where each column is padded apart."""
    real = held = 0
    for step in range(epochs * order.batches_per_epoch):
        batch = order.at(step)
        real += sum(int(column[batch].sum()) for column in columns)
        held += sum(int(column[batch].max()) * len(batch) for column in columns)
    return 1 - real / held


def rows(phones: Lengths, tokens: Lengths, *, epochs: int) -> Iterator[str]:
    """Yield a row for each size of batch: by clips, and by seconds."""
    both = phones + tokens
    for clips in (8, 16, 32, 64):
        orders = [BatchOrder(of.tolist(), clips, 1) for of in (both, tokens)]
        yield _row(f"batch_size: {clips}", orders, phones, tokens, epochs=epochs)
    for seconds, clips in ((24.0, 8), (60.0, 64), (240.0, 256)):
        buckets = [
            BucketOrder(
                lengths=of.tolist(),
                tokens=tokens.tolist(),
                seconds=seconds,
                batch_size=clips,
                seed=1,
            )
            for of in (both, tokens)
        ]
        name = f"batch_seconds: {seconds:g}, batch_size: {clips}"
        yield _row(name, buckets, phones, tokens, epochs=epochs)


def _row(
    name: str, orders: Sequence[Order], phones: Lengths, tokens: Lengths, *, epochs: int
) -> str:
    s1, s2 = orders
    return (
        f"| `{name}` | {padded_share(s1, phones, tokens, epochs=epochs):.1%} "
        f"| {padded_share(s2, tokens, epochs=epochs):.1%} "
        f"| {s1.batches_per_epoch} | {s2.batches_per_epoch} |"
    )


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, count, print; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--features", type=Path)
    parser.add_argument("--clips", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, default=2)
    chosen = parser.parse_args(arguments)
    phones, tokens = (
        featurised_lengths(chosen.features) if chosen.features else drawn_lengths(chosen.clips)
    )
    hours = tokens.sum() / TOKENS_PER_S / 3600
    lines = [
        f"{len(tokens)} clips, {hours:.2f} h, {chosen.epochs} epochs\n",
        "| batches | padding of S1 | padding of S2 | steps an epoch, S1 | S2 |",
        "|---|---|---|---|---|",
        *rows(phones, tokens, epochs=chosen.epochs),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
