"""One sentence of one request: its phones and the generators that only it draws from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gpt_sovits.s1.token_model import Generated
from models.gpt_sovits.s2.wave_model import Segment
from voxgate.types import Wave

__all__ = ["Sentence", "SpokenPiece", "seeded_sentences"]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What is spoken at once.

    Tokens and noise have generators of their own: a batch goes on drawing tokens for a sentence
    that has ended until all have, and a stream draws both in turns.
    """

    phones: Tensor
    """(L,) int64."""

    text_features: Tensor | None = None
    """(C, L) float32 beside the phones; None: zeros, or S1 reads none."""

    token_generator: torch.Generator
    noise_generator: torch.Generator

    def segment(self, spoken: Generated) -> Segment:
        """Return what S2 decodes."""
        device = self.phones.device
        return Segment(
            codes=spoken.tokens.to(device),
            phones=self.phones,
            generator=self.noise_generator,
            alignment=None if spoken.alignment is None else spoken.alignment.to(device),
        )


@dataclass(frozen=True, kw_only=True)
class SpokenPiece:
    """The audio of one sentence: (N,) samples, with the pause before it where `place` is not 0."""

    place: int
    wave: Wave
    stopped_by_limit: bool
    """Whether its length bound ended this sentence."""


def seeded_sentences(
    phones: Sequence[Sequence[int]],
    *,
    seed: int,
    device: str,
    first: int = 0,
    text_features: Sequence[Tensor | None] | None = None,
) -> list[Sentence]:
    """Give each sentence generators that depend on the request's seed and on its place.

    `first` is the place of the first one; `text_features` has an entry a sentence, if any has some.
    """
    features = text_features or [None] * len(phones)
    return [
        Sentence(
            phones=torch.tensor(list(ids), device=device),
            text_features=features[place - first],
            token_generator=_generator(f"{seed}:{place}"),
            noise_generator=_generator(f"{seed}:{place}:noise"),
        )
        for place, ids in enumerate(phones, start=first)
    ]


def _generator(name: str) -> torch.Generator:
    digest = hashlib.sha256(name.encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)
